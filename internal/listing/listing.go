// Package listing shows what is in a directory: as a page for people, with sizes, times and links that sort, and as JSON
// for programs. It reads no directory and decides nothing: what may be seen, and which of the two a client prefers, is for
// its caller to know.
//
//	d := listing.Directory{Path: "/photos/", Entries: entries, Order: listing.ParseOrder(args.Get("sort"), args.Get("order"))}
//	header.Set("Content-Security-Policy", listing.Policy)
//	err := listing.Page(w, d)
//
// Names are shown as what they are, whatever is in them: in HTML, in links and in JSON, each in its own way.
package listing

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/microroute/microroute/message"
)

// Directory is what a listing shows.
type Directory struct {
	// Path is the decoded path that the client has asked for, with a slash at both ends. The links are relative to it.
	Path string
	// Root is the path above which there is nothing to see, with a slash at both ends. Default "/".
	Root string
	// Entries is what is in the directory, in any order: Page and JSON sort it.
	Entries []Entry
	// Order is how it is sorted.
	Order Order
}

// Entry is a file or a directory in a Directory.
type Entry struct {
	Name    string
	IsDir   bool
	Size    int64     // in octets, of a file
	ModTime time.Time // the zero Time if nobody knows
}

// link returns the reference of the entry, relative to its directory. The dot keeps a colon in the name from being the end
// of a scheme (RFC 3986 section 4.2).
func (e Entry) link() string {
	link := "./" + message.EncodePath(e.Name)
	if e.IsDir {
		link += "/"
	}
	return link
}

// above returns the names of the directories from the root down to this one, which is the last; none for the root itself.
func (d Directory) above() []string {
	root := d.Root
	if root == "" {
		root = "/"
	}
	path := strings.Trim(strings.TrimPrefix(d.Path, root), "/")
	if path == "" {
		return nil
	}
	return strings.Split(path, "/")
}

// visible returns a name as people may see it. Characters that have no look of their own, or that would turn around what
// stands behind them, so that "exe.gpj" reads "jpg.exe", become ones that show.
func visible(name string) string { return strings.Map(visibleRune, name) }

func visibleRune(r rune) rune {
	const pictures = '\u2400' // of the control characters, in their order
	switch {
	case r < ' ':
		return pictures + r
	case r == 0x7f:
		return pictures + '!'
	case 0x80 <= r && r < 0xa0, // controls
		'\u2028' <= r && r <= '\u202e', // ends of lines and paragraphs, embeddings and overrides
		'\u2066' <= r && r <= '\u2069': // isolates
		return utf8.RuneError
	}
	return r
}
