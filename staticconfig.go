package microroute

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/microroute/microroute/internal/ascii"
	"github.com/microroute/microroute/internal/files"
)

// StaticConfig is how files are served. The zero StaticConfig is ready for use, and shows nothing by accident.
type StaticConfig struct {
	// DefaultPages are the files that stand for their directory, the first that exists. Default: App.DefaultPages.
	DefaultPages []string
	// Listing shows what is in a directory without such a file: as a page, or as JSON to clients that prefer it. Default:
	// 404.
	Listing bool
	// Fallback is the file that answers GET and HEAD for paths that are none, as single-page applications need it:
	// "index.html". It is for requests that ask for text/html rather than for anything, and for paths whose last segment has
	// no dot, so that a missing script is still 404. Default: 404.
	Fallback string
	// Dotfiles serves names that begin with a dot. Those below /.well-known/ (RFC 8615) are served anyway.
	Dotfiles bool
	// CacheControl says how long clients may use a file without asking for it: the first rule that matches. Without one
	// they decide for themselves, and mostly ask.
	CacheControl []CacheRule
	// Encodings are the content codings in which files are looked for beside the originals, for clients that accept them,
	// the best first: "zstd" for app.js.zst, "br" for app.js.br, "gzip" for app.js.gz. One that is older than its original
	// is not used. Default: all three; none if it is empty but not nil.
	Encodings []string
}

// CacheRule is the Cache-Control field of the files that match a pattern (RFC 9111 section 5.2).
//
//	CacheRule{"*.woff2", "public, max-age=604800"}
//	CacheRule{"app/**", "no-cache"}
type CacheRule struct {
	// Pattern is that of path.Match, for the last segment of a name; with a slash in it, for the whole name below the prefix.
	// Then ** stands for any number of segments.
	Pattern string
	// Value is that of the field.
	Value string
}

// check returns what is wrong with the settings.
func (s *StaticConfig) check() error {
	if s.Fallback != "" && !fs.ValidPath(s.Fallback) {
		return fmt.Errorf("StaticConfig.Fallback: %q is no name of a file below the root", s.Fallback)
	}
	for _, rule := range s.CacheControl {
		for segment := range strings.SplitSeq(rule.Pattern, "/") {
			if _, err := path.Match(segment, ""); err != nil {
				return fmt.Errorf("StaticConfig.CacheControl: %q is no pattern: %w", rule.Pattern, err)
			}
		}
		if ascii.ValueLen(rule.Value) < len(rule.Value) {
			return fmt.Errorf("StaticConfig.CacheControl: %q cannot be the value of a field", rule.Value)
		}
	}
	for _, coding := range s.Encodings {
		if !files.KnownCoding(coding) {
			return fmt.Errorf("StaticConfig.Encodings: %q is none of zstd, br, gzip", coding)
		}
	}
	return nil
}

// options returns the settings with their defaults, as far as they concern which files are found.
func (s *StaticConfig) options(a *App) files.Options {
	o := files.Options{
		Pages:     s.DefaultPages,
		Listing:   s.Listing,
		Dotfiles:  s.Dotfiles,
		Encodings: s.Encodings,
		Cache:     a.fileCache(),
	}
	if o.Pages == nil {
		o.Pages = a.DefaultPages
	}
	if o.Encodings == nil {
		o.Encodings = []string{"zstd", "br", "gzip"}
	}
	return o
}

// cacheControl returns the Cache-Control field for a file, "" for none. The name is relative to the tree.
func (s *StaticConfig) cacheControl(name string) string {
	for _, rule := range s.CacheControl {
		if rule.matches(name) {
			return rule.Value
		}
	}
	return ""
}

func (r CacheRule) matches(name string) bool {
	if strings.Contains(r.Pattern, "/") {
		return matchSegments(strings.TrimPrefix(r.Pattern, "/"), name)
	}
	matched, _ := path.Match(r.Pattern, name[strings.LastIndexByte(name, '/')+1:])
	return matched
}

// matchSegments matches a whole name, segment by segment.
func matchSegments(pattern, name string) bool {
	for {
		segment, rest, more := strings.Cut(pattern, "/")
		if segment == "**" {
			return !more || matchBelow(rest, name)
		}
		first, names, further := strings.Cut(name, "/")
		if matched, _ := path.Match(segment, first); !matched || more != further {
			return false
		}
		if !more {
			return true
		}
		pattern, name = rest, names
	}
}

// matchBelow matches name, or what is left of it behind one of its slashes.
func matchBelow(pattern, name string) bool {
	for {
		if matchSegments(pattern, name) {
			return true
		}
		_, below, more := strings.Cut(name, "/")
		if !more {
			return false
		}
		name = below
	}
}

// fallsBack reports whether a path is one of those whose pages the program in the browser makes.
func (s *StaticConfig) fallsBack(path string) bool {
	return s.Fallback != "" && !strings.Contains(path[strings.LastIndexByte(path, '/')+1:], ".")
}
