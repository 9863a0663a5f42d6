# Debian's libraries, and SQLite from the amalgamation that the pinned npm package better-sqlite3 carries.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json url)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(prometheus REQUIRED IMPORTED_TARGET prometheus-cpp-core)
pkg_check_modules(libpq REQUIRED IMPORTED_TARGET libpq)
pkg_check_modules(magic REQUIRED IMPORTED_TARGET libmagic)
pkg_check_modules(nats REQUIRED IMPORTED_TARGET libnats)
find_package(CURL REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(CLI11 REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(ICU REQUIRED COMPONENTS uc i18n)

# Snowball's library has neither a CMake nor a pkg-config file.
find_library(stemmer_library stemmer REQUIRED)
find_path(stemmer_headers libstemmer.h REQUIRED)
add_library(stemmer INTERFACE)
target_include_directories(stemmer SYSTEM INTERFACE ${stemmer_headers})
target_link_libraries(stemmer INTERFACE ${stemmer_library})

if(OKNO_TESTS)  # Debian's own CMake file of rapidcheck looks for the library where it is not
  find_library(rapidcheck_library rapidcheck REQUIRED)
  add_library(rapidcheck INTERFACE)
  target_link_libraries(rapidcheck INTERFACE ${rapidcheck_library})
endif()

set(sqlite_source ${PROJECT_SOURCE_DIR}/third_party/node_modules/better-sqlite3/deps/sqlite3)
if(NOT EXISTS ${sqlite_source}/sqlite3.c)
  message(FATAL_ERROR "${sqlite_source}/sqlite3.c is missing: run ./dev setup")
endif()
add_library(sqlite3 STATIC ${sqlite_source}/sqlite3.c)
target_include_directories(sqlite3 SYSTEM PUBLIC ${sqlite_source})
target_compile_definitions(sqlite3 PRIVATE SQLITE_ENABLE_FTS5 SQLITE_OMIT_SHARED_CACHE SQLITE_DQS=0
                           SQLITE_THREADSAFE=2 SQLITE_DEFAULT_MEMSTATUS=0 SQLITE_OMIT_LOAD_EXTENSION)
target_compile_options(sqlite3 PRIVATE -w -O2)

add_library(okno_asio STATIC ${PROJECT_SOURCE_DIR}/cmake/asio.cpp ${PROJECT_SOURCE_DIR}/cmake/beast.cpp)
target_compile_definitions(okno_asio PUBLIC BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION
                           BOOST_ASIO_NO_DEPRECATED)
target_compile_features(okno_asio PRIVATE cxx_std_23)
if(OKNO_QUICK_RIM)  # as in targets.cmake
  target_compile_options(okno_asio PRIVATE -O0)
endif()
target_link_libraries(okno_asio PUBLIC Threads::Threads)
