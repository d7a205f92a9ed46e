// Overloaded functions: the documented form, and one with references and another map type.
#define STANDIN_OVERLOADS
#include <string>
#include <unordered_map>
#define STANDIN_MORE_CALLBACK_MEMBERS                                                 \
 public:                                                                              \
  SpecCallbackSDK(const std::string& method,                                          \
                  const std::unordered_map<std::string, std::string>& headers,        \
                  const std::string& post_data);                                      \
  void BuildResponseHeaderBody(const std::string& rsp,                                \
                               std::unordered_map<std::string, std::string>& headers, \
                               std::string& encrypted_body);
#define STANDIN_MORE_CLIENT_MEMBERS \
 public:                            \
  int Invoke(const std::string& api_name, const std::string& req, std::string& rsp);
