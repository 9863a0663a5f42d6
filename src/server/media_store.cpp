#include "server/media_store.hpp"

#include "media/disk_files.hpp"
#include "media/s3_files.hpp"

namespace okno::server {

namespace fs = std::filesystem;

std::unique_ptr<MediaFiles> open_media(const Configuration& configuration, const fs::path& directory) {
    if (configuration.has_media_on_s3())
        return std::make_unique<media::S3Files>(*media::read_s3_address(configuration.media),
                                                media::S3Keys{configuration.s3_access_key, configuration.s3_secret_key},
                                                directory / "media");
    using Sharing = media::DiskFiles::Sharing;
    return std::make_unique<media::DiskFiles>(media_folder(configuration, directory),
                                              configuration.media.empty() ? Sharing::alone : Sharing::with_other_nodes);
}

fs::path media_folder(const Configuration& configuration, const fs::path& directory) {
    if (configuration.has_media_on_s3()) return {};
    return configuration.media.empty() ? directory / "media" : fs::path(configuration.media);
}

}  // namespace okno::server
