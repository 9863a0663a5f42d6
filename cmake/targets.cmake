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

# ccache takes objects made with a precompiled header only when its time does not count.
target_compile_options(okno_options INTERFACE "$<$<COMPILE_LANGUAGE:CXX>:SHELL:-Xclang -fno-pch-timestamp>")

# Under sanitizers the optimiser takes longer over coroutines and sockets than their tests run: OKNO_QUICK_RIM leaves it
# out there. A precompiled header serves one level of optimisation, so there are two.
option(OKNO_QUICK_RIM "compile net, http, server, the simulator and the tests without optimisation" OFF)
function(okno_precompiled name)
  add_library(${name} STATIC ${PROJECT_SOURCE_DIR}/cmake/precompiled.cpp)
  target_link_libraries(${name} PRIVATE okno_options Boost::json)
  target_compile_options(${name} PRIVATE ${ARGN})
  target_precompile_headers(${name} PRIVATE ${PROJECT_SOURCE_DIR}/cmake/precompiled.hpp)
endfunction()
okno_precompiled(okno_precompiled_core)
if(OKNO_QUICK_RIM)
  okno_precompiled(okno_precompiled_rim -O0)
endif()

# The header that most files read, compiled once. RIM: see OKNO_QUICK_RIM.
function(okno_precompile target)
  target_link_libraries(${target} PRIVATE okno_asio)  # whatever reads the header refers to Asio's error categories
  if(OKNO_QUICK_RIM AND "RIM" IN_LIST ARGN)
    target_compile_options(${target} PRIVATE -O0)
    target_precompile_headers(${target} REUSE_FROM okno_precompiled_rim)
  else()
    target_precompile_headers(${target} REUSE_FROM okno_precompiled_core)
  endif()
endfunction()

# okno_part(NAME [RIM] DEPENDS ...): a static library from every .cpp of the current folder and below.
function(okno_part name)
  cmake_parse_arguments(part "RIM" "" "DEPENDS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")  # of a program, linked there
  add_library(okno_${name} STATIC ${sources})
  target_link_libraries(okno_${name} PUBLIC okno_options ${part_DEPENDS})
  if(part_RIM)
    okno_precompile(okno_${name} RIM)
  else()
    okno_precompile(okno_${name})
  endif()
endfunction()
