// The CPython extension that bench/callback.ts compares with: the class SpecCallbackSDK over the
// plain C API, as a careful author would write it. Getters convert when they are called, strings
// are made by the decoder of UTF-8, and bodies are read through the buffer protocol.
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "requests.h"

namespace {

using Tencent::WxWork::SpecCallbackSDK;

struct Request {
  std::map<std::string, std::string> headers;
  std::string body;
  std::unique_ptr<SpecCallbackSDK> callback;
};

struct Callback {
  PyObject_HEAD Request* request;
};

bool ReadText(PyObject* text, std::string* out) {
  Py_ssize_t size = 0;
  const char* const data = PyUnicode_AsUTF8AndSize(text, &size);
  if (data != nullptr) out->assign(data, static_cast<size_t>(size));
  return data != nullptr;
}

PyObject* Text(const std::string& text) {
  return PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), nullptr);
}

PyObject* New(PyTypeObject* type, PyObject* arguments, PyObject*) {
  const char* method = nullptr;
  PyObject* headers = nullptr;
  Py_buffer body;
  if (!PyArg_ParseTuple(arguments, "sO!y*", &method, &PyDict_Type, &headers, &body)) return nullptr;
  auto request = std::make_unique<Request>();
  request->body.assign(static_cast<const char*>(body.buf), static_cast<size_t>(body.len));
  PyBuffer_Release(&body);
  PyObject* key = nullptr;
  PyObject* value = nullptr;
  Py_ssize_t position = 0;
  while (PyDict_Next(headers, &position, &key, &value)) {
    std::string name;
    std::string text;
    if (!ReadText(key, &name) || !ReadText(value, &text)) return nullptr;
    request->headers.emplace(std::move(name), std::move(text));
  }
  request->callback = std::make_unique<SpecCallbackSDK>(method, request->headers, request->body);
  auto* const self = reinterpret_cast<Callback*>(type->tp_alloc(type, 0));
  if (self != nullptr) self->request = request.release();
  return reinterpret_cast<PyObject*>(self);
}

void Delete(PyObject* self) {
  PyTypeObject* const type = Py_TYPE(self);
  delete reinterpret_cast<Callback*>(self)->request;
  type->tp_free(self);
  Py_DECREF(type);
}

SpecCallbackSDK& Of(PyObject* self) {
  return *reinterpret_cast<Callback*>(self)->request->callback;
}

PyObject* IsOk(PyObject* self, PyObject*) { return PyBool_FromLong(Of(self).IsOk()); }

// Null, with an exception, if the request was refused: the getters of the SDK need a verified one.
SpecCallbackSDK* Verified(PyObject* self) {
  SpecCallbackSDK& callback = Of(self);
  if (callback.IsOk()) return &callback;
  PyErr_SetString(PyExc_ValueError, "the request was refused");
  return nullptr;
}

template <const std::string& (SpecCallbackSDK::*kGetter)() const>
PyObject* GetText(PyObject* self, PyObject*) {
  SpecCallbackSDK* const callback = Verified(self);
  return callback == nullptr ? nullptr : Text((callback->*kGetter)());
}

template <uint32_t (SpecCallbackSDK::*kGetter)() const>
PyObject* GetNumber(PyObject* self, PyObject*) {
  SpecCallbackSDK* const callback = Verified(self);
  return callback == nullptr ? nullptr : PyLong_FromUnsignedLong((callback->*kGetter)());
}

PyObject* GetIsAsync(PyObject* self, PyObject*) {
  SpecCallbackSDK* const callback = Verified(self);
  return callback == nullptr ? nullptr : PyBool_FromLong(callback->GetIsAsync());
}

PyObject* Build(PyObject* self, PyObject* response) {
  std::string text;
  if (!ReadText(response, &text)) return nullptr;
  std::map<std::string, std::string> headers;
  std::string body;
  Of(self).BuildResponseHeaderBody(text, &headers, &body);
  PyObject* const dict = PyDict_New();
  if (dict == nullptr) return nullptr;
  for (const auto& [name, value] : headers) {
    PyObject* const item = Text(value);
    if (item == nullptr || PyDict_SetItemString(dict, name.c_str(), item) != 0) {
      Py_XDECREF(item);
      Py_DECREF(dict);
      return nullptr;
    }
    Py_DECREF(item);
  }
  PyObject* const bytes =
      PyBytes_FromStringAndSize(body.data(), static_cast<Py_ssize_t>(body.size()));
  return Py_BuildValue("(NN)", dict, bytes);
}

PyMethodDef methods[] = {
    {"IsOk", IsOk, METH_NOARGS, nullptr},
    {"GetCorpId", GetText<&SpecCallbackSDK::GetCorpId>, METH_NOARGS, nullptr},
    {"GetAgentId", GetNumber<&SpecCallbackSDK::GetAgentId>, METH_NOARGS, nullptr},
    {"GetCallType", GetNumber<&SpecCallbackSDK::GetCallType>, METH_NOARGS, nullptr},
    {"GetData", GetText<&SpecCallbackSDK::GetData>, METH_NOARGS, nullptr},
    {"GetIsAsync", GetIsAsync, METH_NOARGS, nullptr},
    {"GetJobInfo", GetText<&SpecCallbackSDK::GetJobInfo>, METH_NOARGS, nullptr},
    {"GetAbilityId", GetText<&SpecCallbackSDK::GetAbilityId>, METH_NOARGS, nullptr},
    {"GetNotifyId", GetText<&SpecCallbackSDK::GetNotifyId>, METH_NOARGS, nullptr},
    {"BuildResponseHeaderBody", Build, METH_O, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

PyType_Slot slots[] = {
    {Py_tp_new, reinterpret_cast<void*>(New)},
    {Py_tp_dealloc, reinterpret_cast<void*>(Delete)},
    {Py_tp_methods, methods},
    {0, nullptr},
};

PyType_Spec spec = {"callback_python.SpecCallbackSDK", sizeof(Callback), 0, Py_TPFLAGS_DEFAULT,
                    slots};

PyModuleDef module = {PyModuleDef_HEAD_INIT,
                      "callback_python",
                      nullptr,
                      -1,
                      nullptr,
                      nullptr,
                      nullptr,
                      nullptr,
                      nullptr};

}  // namespace

PyMODINIT_FUNC PyInit_callback_python() {
  // For the thread that imports the module, until the process ends.
  static const auto* const scope =
      new wework_spec_sandbox::SettingsScope(bench::SettingsFromEnvironment());
  static_cast<void>(scope);
  PyObject* const created = PyModule_Create(&module);
  if (created == nullptr) return nullptr;
  PyObject* const type = PyType_FromSpec(&spec);
  if (type == nullptr || PyModule_AddObject(created, "SpecCallbackSDK", type) != 0) {
    Py_XDECREF(type);
    Py_DECREF(created);
    return nullptr;
  }
  return created;
}
