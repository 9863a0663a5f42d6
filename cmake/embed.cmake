# okno_embed(TARGET SYMBOL FILE): the bytes of a file in the program, as `extern const std::string_view SYMBOL` of
# namespace okno::embedded.
function(okno_embed target symbol file)
  set(source ${CMAKE_CURRENT_BINARY_DIR}/embedded_${symbol}.cpp)
  file(GENERATE OUTPUT ${source} CONTENT
"#include <string_view>
asm(\".section .rodata\\n.global okno_bytes_${symbol}\\nokno_bytes_${symbol}:\\n.incbin \\\"${file}\\\"\\n\"
    \".global okno_bytes_end_${symbol}\\nokno_bytes_end_${symbol}:\\n.byte 0\\n.previous\\n\");
extern \"C\" const char okno_bytes_${symbol}[];
extern \"C\" const char okno_bytes_end_${symbol}[];
namespace okno::embedded {
extern const std::string_view ${symbol};
const std::string_view ${symbol}(okno_bytes_${symbol}, static_cast<std::size_t>(okno_bytes_end_${symbol} - okno_bytes_${symbol}));
}
")
  target_sources(${target} PRIVATE ${source})
  set_source_files_properties(${source} PROPERTIES OBJECT_DEPENDS ${file})
endfunction()

# okno_pages: the operators' pages from web/dist, pre-compressed. Without web/dist the program has no pages and says so.
function(okno_embed_pages)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/web/dist/*)
  set(made ${CMAKE_BINARY_DIR}/pages/pages.cpp)
  add_custom_command(OUTPUT ${made} DEPENDS ${files} ${PROJECT_SOURCE_DIR}/tools/embed_pages.py
    COMMAND python3 ${PROJECT_SOURCE_DIR}/tools/embed_pages.py ${PROJECT_SOURCE_DIR}/web/dist ${CMAKE_BINARY_DIR}/pages)
  add_library(okno_pages STATIC ${made})
  target_link_libraries(okno_pages PRIVATE okno_options)
endfunction()
