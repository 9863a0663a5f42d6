# Turns the files of PAGES (a list) into OUTPUT, a .cpp with one byte array each.
set(arrays "")
set(rows "")
set(index 0)
foreach(page IN LISTS PAGES)
  get_filename_component(name ${page} NAME)
  file(READ ${page} bytes HEX)
  string(LENGTH "${bytes}" digits)
  math(EXPR size "${digits} / 2")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  string(APPEND arrays "constexpr unsigned char page_${index}[] = {${bytes}0};\n")
  string(APPEND rows "    {\"${name}\", {reinterpret_cast<const char*>(page_${index}), ${size}}},\n")
  math(EXPR index "${index} + 1")
endforeach()
file(WRITE ${OUTPUT}
"#include \"core/pages.hpp\"

namespace {

${arrays}
}  // namespace

const std::map<std::string_view, std::string_view>& okno::sim::embedded_pages() {
    static const std::map<std::string_view, std::string_view> pages = {
${rows}    };
    return pages;
}
")
