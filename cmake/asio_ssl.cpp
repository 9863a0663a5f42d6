// Asio's own code for TLS, compiled once for the whole tree.
#include <boost/asio/ssl/impl/src.hpp>
