# okno_embed(TARGET SYMBOL FILE): the bytes of a file in the program, as `extern const std::string_view SYMBOL` of
# namespace okno::embedded.
function(okno_embed target symbol file)
  set(source ${CMAKE_CURRENT_BINARY_DIR}/embedded_${symbol}.cpp)
  set(bytes ${CMAKE_CURRENT_BINARY_DIR}/embedded_${symbol}.S)
  # In assembly of its own: ccache takes no C++ that includes bytes.
  file(GENERATE OUTPUT ${bytes} CONTENT
".section .rodata
.global okno_bytes_${symbol}
okno_bytes_${symbol}:
.incbin \"${file}\"
.global okno_bytes_end_${symbol}
okno_bytes_end_${symbol}:
.byte 0
.section .note.GNU-stack,\"\",@progbits
")
  file(GENERATE OUTPUT ${source} CONTENT
"#include <string_view>
extern \"C\" const char okno_bytes_${symbol}[];
extern \"C\" const char okno_bytes_end_${symbol}[];
namespace okno::embedded {
extern const std::string_view ${symbol};
const std::string_view ${symbol}(okno_bytes_${symbol}, static_cast<std::size_t>(okno_bytes_end_${symbol} - okno_bytes_${symbol}));
}
")
  target_sources(${target} PRIVATE ${source} ${bytes})
  set_source_files_properties(${bytes} PROPERTIES OBJECT_DEPENDS ${file})
endfunction()

# okno_pages: the operators' pages from web/dist, pre-compressed. Without web/dist the program has no pages and says so.
function(okno_embed_pages)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/web/dist/*)
  set(made ${CMAKE_BINARY_DIR}/pages/pages.cpp)
  set(bytes ${CMAKE_BINARY_DIR}/pages/pages.S)
  add_custom_command(OUTPUT ${made} ${bytes} DEPENDS ${files} ${PROJECT_SOURCE_DIR}/tools/embed_pages.py
    COMMAND python3 ${PROJECT_SOURCE_DIR}/tools/embed_pages.py ${PROJECT_SOURCE_DIR}/web/dist ${CMAKE_BINARY_DIR}/pages)
  add_library(okno_pages STATIC ${made} ${bytes})
  target_link_libraries(okno_pages PRIVATE okno_options)
endfunction()
