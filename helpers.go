package microroute

import (
	"path"
	"strings"

	"github.com/microroute/microroute/internal/entities"
	"github.com/microroute/microroute/message"
)

// MakePath joins segments to a path with a slash in front, and escapes in each what would not stay there:
// MakePath([]string{"api", "a/b"}) is "/api/a%2Fb". Of no segments it is "/".
func MakePath(segments []string) string {
	if len(segments) == 0 {
		return "/"
	}
	var b strings.Builder
	for _, segment := range segments {
		b.WriteByte('/')
		b.WriteString(strings.ReplaceAll(message.EncodePath(segment), "/", "%2F"))
	}
	return b.String()
}

// SplitURL returns the decoded segments of a URL's path, without its scheme, host, query and fragment. It is the inverse
// of MakePath; a slash at the end makes no difference: SplitURL("/hello/world/?a=1") is hello and world.
func SplitURL(url string) []string {
	if end := strings.IndexAny(url, "?#"); end >= 0 {
		url = url[:end]
	}
	if scheme, rest, ok := strings.Cut(url, "://"); ok && !strings.Contains(scheme, "/") {
		_, url, _ = strings.Cut(rest, "/")
	}
	url = strings.TrimSuffix(strings.TrimPrefix(url, "/"), "/")
	if url == "" {
		return nil
	}
	segments := strings.Split(url, "/")
	for i, segment := range segments {
		segments[i] = message.DecodePath(segment)
	}
	return segments
}

// ParseURL normalises the path of a URL: it begins with a slash, has no empty and no dot segments, and does not end with
// a slash unless it is nothing else. ".." does not lead above the root.
func ParseURL(url string) string { return path.Clean("/" + url) }

// EscapeChars replaces the entities of HTML text by the characters they stand for: "a &lt; b" becomes "a < b".
func EscapeChars(text string) string { return entities.Decode(text) }
