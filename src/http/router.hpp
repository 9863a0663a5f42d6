// Finds the endpoint of a method and a path.
#pragma once

#include "http/endpoint.hpp"

namespace okno::http {

struct Route {
    const Endpoint* endpoint = nullptr;  // null: not found, or not with this method
    std::string allowed;                 // the methods of the path, for Allow; not empty with a null endpoint: 405
    std::map<std::string, std::string> path;
};

class Router {
public:
    explicit Router(std::vector<Endpoint> endpoints);
    Route find(std::string_view method, std::string_view path) const;

private:
    struct Entry {
        std::vector<std::string> segments;
        Endpoint endpoint;
    };
    std::vector<Entry> entries_;
};

}  // namespace okno::http
