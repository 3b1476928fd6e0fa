package files

import (
	"slices"
	"time"

	"github.com/microroute/microroute/message"
)

// siblings is in which codings a file is stored beside its original.
type siblings struct {
	codings []string // in the order of Options.Encodings
	looked  time.Time
}

// lookInterval is for how long what has been found of a file that is kept is taken to be still so.
const lookInterval = time.Second

// suffix returns what is behind the name of a file stored in a coding, "" for codings that are not known.
func suffix(coding string) string {
	switch coding {
	case "zstd":
		return ".zst" // RFC 8878
	case "br":
		return ".br" // RFC 7932
	case "gzip":
		return ".gz" // RFC 1952
	}
	return ""
}

// KnownCoding reports whether coding is one that Options.Encodings may have.
func KnownCoding(coding string) bool { return suffix(coding) != "" }

// openCoded returns the file in the coding that the client likes best, original among them, and closes original if that is
// another. One that cannot be opened after all is as good as none.
func (t *Tree) openCoded(in source, original *File, acceptEncoding string, now time.Time) *File {
	codings := t.siblingsOf(in, original, now).codings
	for acceptEncoding != "" && len(codings) > 0 {
		coding := message.PreferCoding(acceptEncoding, codings...)
		if coding == "" || coding == "identity" {
			break
		}
		coded, err := t.options.Cache.open(in, original.name, coding, now)
		if err == nil && !isOlder(coded.ModTime, original.ModTime) {
			original.Close()
			return coded
		}
		if err == nil {
			coded.Close()
		}
		codings = slices.DeleteFunc(slices.Clone(codings), func(c string) bool { return c == coding })
	}
	return original
}

// siblingsOf returns the codings in which the file is stored. A file that is kept remembers them for a moment.
func (t *Tree) siblingsOf(in source, file *File, now time.Time) *siblings {
	known := &file.original().siblings
	if found := known.Load(); found != nil && now.Sub(found.looked) < lookInterval && !now.Before(found.looked) {
		return found
	}
	found := &siblings{looked: now}
	for _, coding := range t.options.Encodings {
		sibling, err := in.look(file.name + suffix(coding))
		if err == nil && sibling.kind == regular && !isOlder(sibling.modTime, file.ModTime) {
			found.codings = append(found.codings, coding)
		}
	}
	known.Store(found)
	return found
}

// isOlder reports whether what was made at one time cannot have been made of what has changed at the other: somebody has
// forgotten to compress the new version. Tools that give the compressed file the time of the original may cut off the
// fraction of its second.
func isOlder(made, changed time.Time) bool { return made.Unix() < changed.Unix() }
