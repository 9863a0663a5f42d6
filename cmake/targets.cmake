# What every part of Okno is compiled with, and the one precompiled header.
option(OKNO_TESTS "build the tests" ON)

add_library(okno_options INTERFACE)
target_compile_options(okno_options INTERFACE -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion
                       -Wno-missing-field-initializers)
target_compile_definitions(okno_options INTERFACE BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION
                           BOOST_ASIO_NO_DEPRECATED SPDLOG_FMT_EXTERNAL)
if(OKNO_TESTS)
  target_compile_definitions(okno_options INTERFACE OKNO_CRASH_POINTS)
endif()
target_include_directories(okno_options INTERFACE ${PROJECT_SOURCE_DIR}/src)
target_link_libraries(okno_options INTERFACE Threads::Threads fmt::fmt)

# okno_part(NAME DEPENDS ...): a static library from every .cpp of the current folder and below.
function(okno_part name)
  cmake_parse_arguments(part "" "" "DEPENDS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")  # of a program, linked there
  add_library(okno_${name} STATIC ${sources})
  target_link_libraries(okno_${name} PUBLIC okno_options ${part_DEPENDS})
endfunction()
