// Asio's own code, compiled once for the whole tree.
#include <boost/asio/impl/src.hpp>
