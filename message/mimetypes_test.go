package message_test

import (
	"strings"
	"testing"

	"github.com/microroute/microroute/message"
)

func TestMIMETypes(t *testing.T) {
	types := message.MIMETypes()
	for suffix, want := range map[string]string{
		"txt": "text/plain", "htm": "text/html", "html": "text/html", "css": "text/css", "csv": "text/csv",
		"js": "application/javascript", "xml": "application/xml", "xhtml": "application/xhtml+xml",
		"json": "application/json", "zip": "application/zip", "pdf": "application/pdf", "ts": "application/typescript",
		"woff": "font/woff", "woff2": "font/woff2", "ttf": "font/ttf", "otf": "font/otf", "jpg": "image/jpeg",
		"jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "svg": "image/svg+xml", "ico": "image/x-icon",
		"mjs": "application/javascript", "wasm": "application/wasm", "mp4": "video/mp4", "webp": "image/webp",
	} {
		if got := types[suffix]; got != want {
			t.Errorf("MIMETypes()[%q] = %q, want %q", suffix, got, want)
		}
	}
	for suffix, mediaType := range types {
		if m, ok := message.ParseMediaType(mediaType); !ok || m.Type != mediaType {
			t.Errorf("MIMETypes()[%q] = %q: not a media type in small letters", suffix, mediaType)
		}
		if suffix != strings.ToLower(suffix) || strings.ContainsAny(suffix, "./ ") {
			t.Errorf("MIMETypes() has %q: not a suffix in small letters", suffix)
		}
	}
}

func TestMIMETypesIsFresh(t *testing.T) {
	message.MIMETypes()["html"] = "changed"
	if got := message.MIMETypes()["html"]; got != "text/html" {
		t.Errorf("MIMETypes()[%q] = %q after a change of another table, want text/html", "html", got)
	}
}

func TestTypeBySuffix(t *testing.T) {
	const unknown = "application/octet-stream"
	types := message.MIMETypes()
	types["xyz"] = "chemical/x-xyz"
	for _, tt := range []struct{ rule, path, want string }{
		{"a suffix", "/index.html", "text/html"},
		{"no directory", "style.css", "text/css"},
		{"the last of several", "/a.html.png", "image/png"},
		{"in any case", "/UPPER.HtML", "text/html"},
		{"an entry of the user's", "/water.xyz", "chemical/x-xyz"},
		{"a suffix and nothing else", ".html", "text/html"},
		{"unknown", "/blob.unknown", unknown},
		{"none", "/noext", unknown},
		{"empty", "/a.", unknown},
		{"a dot in a directory only", "/dir.css/file", unknown},
		{"a directory", "/dir.css/", unknown},
		{"a backslash", `C:\a.d\file`, unknown},
		{"nothing", "", unknown},
	} {
		if got := message.TypeBySuffix(types, tt.path); got != tt.want {
			t.Errorf("%s: TypeBySuffix(%q) = %q, want %q", tt.rule, tt.path, got, tt.want)
		}
	}
	if got := message.TypeBySuffix(nil, "a.html"); got != unknown {
		t.Errorf("TypeBySuffix with no table = %q, want %q", got, unknown)
	}
}

func TestWithCharset(t *testing.T) {
	for _, tt := range []struct{ rule, mediaType, want string }{
		{"text", "text/html", "text/html; charset=utf-8"},
		{"text", "text/plain", "text/plain; charset=utf-8"},
		{"text", "text/css", "text/css; charset=utf-8"},
		{"text", "text/csv", "text/csv; charset=utf-8"},
		{"text", "text/markdown", "text/markdown; charset=utf-8"},
		{"text", "text/event-stream", "text/event-stream; charset=utf-8"},
		{"text of any kind", "text/x-python", "text/x-python; charset=utf-8"},
		{"text in any case", "Text/HTML", "Text/HTML; charset=utf-8"},
		{"RFC 9239 section 4: JavaScript", "application/javascript", "application/javascript; charset=utf-8"},
		{"other parameters", "text/plain; format=flowed", "text/plain; format=flowed; charset=utf-8"},
		{"charset there", "text/html; charset=iso-8859-1", "text/html; charset=iso-8859-1"},
		{"charset there in capitals", "text/html;CHARSET=UTF-8", "text/html;CHARSET=UTF-8"},
		{"charset in a value only", `text/html; a="; charset=x"`, `text/html; a="; charset=x"; charset=utf-8`},
		{"RFC 8259 section 11: JSON", "application/json", "application/json"},
		{"RFC 7303 section 3: XML", "application/xml", "application/xml"},
		{"an image of text", "image/svg+xml", "image/svg+xml"},
		{"bytes", "application/octet-stream", "application/octet-stream"},
		{"type of which text is a prefix", "textual/html", "textual/html"},
		{"malformed", "text", "text"},
		{"nothing", "", ""},
	} {
		if got := message.WithCharset(tt.mediaType); got != tt.want {
			t.Errorf("%s: WithCharset(%q) = %q, want %q", tt.rule, tt.mediaType, got, tt.want)
		}
	}
}

func TestTypeOfFileAllocatesNothing(t *testing.T) {
	types := message.MIMETypes()
	for _, path := range []string{"/a/index.html", "/a/b.js", "/a/b.json", "/a/pic.png", "/none"} {
		allocs := testing.AllocsPerRun(100, func() { message.WithCharset(message.TypeBySuffix(types, path)) })
		if allocs != 0 {
			t.Errorf("the type of %q costs %v allocations, want 0", path, allocs)
		}
	}
}
