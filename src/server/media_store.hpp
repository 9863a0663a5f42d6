// Where files lie by the settings: in a folder, of this node or shared, or on S3.
#pragma once

#include "app/ports/media_files.hpp"
#include "server/configuration.hpp"

#include <filesystem>
#include <memory>

namespace okno::server {

// `directory` is the data directory that takes what the settings leave to it: the files, or copies of those in use.
std::unique_ptr<MediaFiles> open_media(const Configuration& configuration, const std::filesystem::path& directory);

// The folder of the files; empty when they are on S3.
std::filesystem::path media_folder(const Configuration& configuration, const std::filesystem::path& directory);

}  // namespace okno::server
