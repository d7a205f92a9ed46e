#include "json.h"

#include <nlohmann/json.hpp>

namespace wework_spec_sandbox {

bool IsJson(std::string_view text) { return nlohmann::json::accept(text.begin(), text.end()); }

}  // namespace wework_spec_sandbox
