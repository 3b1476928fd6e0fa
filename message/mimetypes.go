package message

import "strings"

// TypeBySuffix returns the media type that types, a table like that of MIMETypes, has for the suffix of path: what
// follows the last dot of its last element, in whatever case. It is application/octet-stream if there is none or it is
// unknown. Suffixes in small letters cost no allocation.
func TypeBySuffix(types map[string]string, path string) string {
	if dot := strings.LastIndexByte(path, '.'); dot >= 0 {
		// After the dot of a directory there is a slash as well, which no suffix in a table has.
		if t, ok := types[strings.ToLower(path[dot+1:])]; ok {
			return t
		}
	}
	return "application/octet-stream"
}

// WithCharset returns mediaType with "; charset=utf-8" added if it is one of text without a charset: text/* and
// application/javascript (RFC 9239 section 4). JSON has no such parameter (RFC 8259 section 11), XML says it inside
// (RFC 7303 section 3). Common types cost no allocation.
func WithCharset(mediaType string) string {
	switch mediaType {
	case "text/html":
		return "text/html; charset=utf-8"
	case "text/plain":
		return "text/plain; charset=utf-8"
	case "text/css":
		return "text/css; charset=utf-8"
	case "text/csv":
		return "text/csv; charset=utf-8"
	case "text/markdown":
		return "text/markdown; charset=utf-8"
	case "text/event-stream":
		return "text/event-stream; charset=utf-8"
	case "application/javascript":
		return "application/javascript; charset=utf-8"
	}
	m, ok := ParseMediaType(mediaType)
	if !ok || !strings.HasPrefix(m.Type, "text/") && m.Type != "application/javascript" {
		return mediaType
	}
	if _, ok := m.Param("charset"); ok {
		return mediaType
	}
	return mediaType + "; charset=utf-8"
}

// MIMETypes returns a new table of suffixes, in small letters and without the dot, and their media types. The types are
// those registered with IANA, else those in use; js is application/javascript, ts is TypeScript rather than MPEG. The
// machine's own tables are not asked, so that a program behaves the same everywhere.
func MIMETypes() map[string]string {
	return map[string]string{
		"txt":   "text/plain",
		"htm":   "text/html",
		"html":  "text/html",
		"css":   "text/css",
		"csv":   "text/csv",
		"js":    "application/javascript",
		"xml":   "application/xml",
		"xhtml": "application/xhtml+xml",
		"json":  "application/json",
		"zip":   "application/zip",
		"pdf":   "application/pdf",
		"ts":    "application/typescript",
		"woff":  "font/woff",
		"woff2": "font/woff2",
		"ttf":   "font/ttf",
		"otf":   "font/otf",
		"jpg":   "image/jpeg",
		"jpeg":  "image/jpeg",
		"png":   "image/png",
		"gif":   "image/gif",
		"svg":   "image/svg+xml",
		"ico":   "image/x-icon",

		// Text and data.
		"md":       "text/markdown",
		"markdown": "text/markdown",
		"log":      "text/plain",
		"conf":     "text/plain",
		"ini":      "text/plain",
		"tsv":      "text/tab-separated-values",
		"ics":      "text/calendar",
		"vcf":      "text/vcard",
		"vtt":      "text/vtt",
		"srt":      "application/x-subrip",
		"py":       "text/x-python",
		"sh":       "application/x-sh",
		"tex":      "text/x-tex",
		"rtf":      "application/rtf",
		"yaml":     "application/yaml",
		"yml":      "application/yaml",
		"toml":     "application/toml",
		"jsonld":   "application/ld+json",
		"geojson":  "application/geo+json",
		"topojson": "application/json",
		"ndjson":   "application/x-ndjson",
		"map":      "application/json",
		"har":      "application/json",
		"cbor":     "application/cbor",
		"sqlite":   "application/vnd.sqlite3",
		"parquet":  "application/vnd.apache.parquet",
		"ttl":      "text/turtle",
		"n3":       "text/n3",
		"nt":       "application/n-triples",
		"nq":       "application/n-quads",

		// Web.
		"mjs":         "application/javascript",
		"cjs":         "application/node",
		"wasm":        "application/wasm",
		"webmanifest": "application/manifest+json",
		"appcache":    "text/cache-manifest",
		"xht":         "application/xhtml+xml",
		"xsl":         "application/xslt+xml",
		"xslt":        "application/xslt+xml",
		"xsd":         "application/xml",
		"dtd":         "application/xml-dtd",
		"rss":         "application/rss+xml",
		"atom":        "application/atom+xml",
		"rdf":         "application/rdf+xml",
		"wsdl":        "application/wsdl+xml",
		"mathml":      "application/mathml+xml",
		"gpx":         "application/gpx+xml",
		"gml":         "application/gml+xml",
		"kml":         "application/vnd.google-earth.kml+xml",
		"kmz":         "application/vnd.google-earth.kmz",
		"swf":         "application/vnd.adobe.flash.movie",
		"torrent":     "application/x-bittorrent",
		"eml":         "message/rfc822",
		"mht":         "multipart/related",
		"mhtml":       "multipart/related",

		// Images.
		"jpe":  "image/jpeg",
		"jfif": "image/jpeg",
		"apng": "image/apng",
		"avif": "image/avif",
		"webp": "image/webp",
		"jxl":  "image/jxl",
		"jp2":  "image/jp2",
		"jxr":  "image/jxr",
		"heic": "image/heic",
		"heif": "image/heif",
		"bmp":  "image/bmp",
		"tif":  "image/tiff",
		"tiff": "image/tiff",
		"cur":  "image/x-icon",
		"psd":  "image/vnd.adobe.photoshop",
		"djvu": "image/vnd.djvu",
		"dxf":  "image/vnd.dxf",
		"dwg":  "image/vnd.dwg",
		"dds":  "image/vnd.ms-dds",
		"ktx":  "image/ktx",
		"ktx2": "image/ktx2",
		"emf":  "image/emf",
		"wmf":  "image/wmf",
		"fits": "image/fits",
		"pbm":  "image/x-portable-bitmap",
		"pgm":  "image/x-portable-graymap",
		"ppm":  "image/x-portable-pixmap",

		// Sound.
		"mp3":  "audio/mpeg",
		"aac":  "audio/aac",
		"m4a":  "audio/mp4",
		"m4b":  "audio/mp4",
		"ogg":  "audio/ogg",
		"oga":  "audio/ogg",
		"opus": "audio/ogg",
		"spx":  "audio/ogg",
		"wav":  "audio/wav",
		"flac": "audio/flac",
		"weba": "audio/webm",
		"mka":  "audio/matroska",
		"mid":  "audio/midi",
		"midi": "audio/midi",
		"amr":  "audio/amr",
		"au":   "audio/basic",
		"aif":  "audio/x-aiff",
		"aiff": "audio/x-aiff",
		"wma":  "audio/x-ms-wma",
		"m3u":  "audio/mpegurl",

		// Pictures in motion.
		"mp4":  "video/mp4",
		"m4v":  "video/mp4",
		"m4s":  "video/iso.segment",
		"webm": "video/webm",
		"ogv":  "video/ogg",
		"ogx":  "application/ogg",
		"mkv":  "video/matroska",
		"mov":  "video/quicktime",
		"qt":   "video/quicktime",
		"mpg":  "video/mpeg",
		"mpeg": "video/mpeg",
		"m2ts": "video/mp2t",
		"mts":  "video/mp2t",
		"avi":  "video/x-msvideo",
		"wmv":  "video/x-ms-wmv",
		"flv":  "video/x-flv",
		"3gp":  "video/3gpp",
		"3g2":  "video/3gpp2",
		"m3u8": "application/vnd.apple.mpegurl",
		"mpd":  "application/dash+xml",

		// Fonts and models.
		"ttc":  "font/collection",
		"sfnt": "font/sfnt",
		"eot":  "application/vnd.ms-fontobject",
		"gltf": "model/gltf+json",
		"glb":  "model/gltf-binary",
		"obj":  "model/obj",
		"mtl":  "model/mtl",
		"stl":  "model/stl",
		"3mf":  "model/3mf",
		"step": "model/step",
		"stp":  "model/step",
		"wrl":  "model/vrml",
		"usdz": "model/vnd.usdz+zip",

		// Documents.
		"ps":      "application/postscript",
		"eps":     "application/postscript",
		"ai":      "application/postscript",
		"epub":    "application/epub+zip",
		"mobi":    "application/x-mobipocket-ebook",
		"azw3":    "application/vnd.amazon.mobi8-ebook",
		"oxps":    "application/oxps",
		"doc":     "application/msword",
		"dot":     "application/msword",
		"docx":    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		"dotx":    "application/vnd.openxmlformats-officedocument.wordprocessingml.template",
		"xls":     "application/vnd.ms-excel",
		"xlsx":    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		"xltx":    "application/vnd.openxmlformats-officedocument.spreadsheetml.template",
		"ppt":     "application/vnd.ms-powerpoint",
		"pptx":    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
		"ppsx":    "application/vnd.openxmlformats-officedocument.presentationml.slideshow",
		"odt":     "application/vnd.oasis.opendocument.text",
		"ods":     "application/vnd.oasis.opendocument.spreadsheet",
		"odp":     "application/vnd.oasis.opendocument.presentation",
		"odg":     "application/vnd.oasis.opendocument.graphics",
		"pages":   "application/vnd.apple.pages",
		"numbers": "application/vnd.apple.numbers",
		"vsd":     "application/vnd.visio",
		"msg":     "application/vnd.ms-outlook",

		// Archives and programs.
		"gz":  "application/gzip",
		"tgz": "application/gzip",
		"tar": "application/x-tar",
		"bz2": "application/x-bzip2",
		"xz":  "application/x-xz",
		"zst": "application/zstd",
		"7z":  "application/x-7z-compressed",
		"rar": "application/vnd.rar",
		"cab": "application/vnd.ms-cab-compressed",
		"jar": "application/java-archive",
		"war": "application/java-archive",
		"apk": "application/vnd.android.package-archive",
		"xpi": "application/x-xpinstall",
		"crx": "application/x-chrome-extension",
		"deb": "application/vnd.debian.binary-package",
		"rpm": "application/x-rpm",
		"dmg": "application/x-apple-diskimage",
		"iso": "application/vnd.efi.iso",
		"exe": "application/vnd.microsoft.portable-executable",
		"dll": "application/vnd.microsoft.portable-executable",
		"bin": "application/octet-stream",

		// Certificates and signatures.
		"cer":    "application/pkix-cert",
		"crt":    "application/pkix-cert",
		"crl":    "application/pkix-crl",
		"pem":    "application/pem-certificate-chain",
		"p10":    "application/pkcs10",
		"p12":    "application/pkcs12",
		"pfx":    "application/pkcs12",
		"p7m":    "application/pkcs7-mime",
		"p7s":    "application/pkcs7-signature",
		"sig":    "application/pgp-signature",
		"asc":    "application/pgp-signature",
		"pgp":    "application/pgp-encrypted",
		"gpg":    "application/pgp-encrypted",
		"pkpass": "application/vnd.apple.pkpass",
	}
}
