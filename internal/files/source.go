package files

import (
	"io/fs"
	"time"
)

// source is where files come from: a directory of the operating system, or an fs.FS. Names are relative to it, with
// slashes between them; "." is itself. It may be shared between goroutines.
type source interface {
	// look returns the state of what name means at present. It opens nothing, since opening alone sets some devices in
	// motion and releases the writer of a FIFO. It follows links wherever they lead: what it tells is for this program.
	look(name string) (state, error)
	// open opens name for reading without waiting, be it a directory or a device; nothing outside of the source.
	open(name string) (content, state, error)
	// list returns what is in a directory. It is asked only for what is one by the look of it.
	list(name string) ([]fs.DirEntry, error)
	// close lets go of it. What has been opened stays open.
	close() error
}

// kind is what a name stands for.
type kind uint8

const (
	other kind = iota // a device, FIFO or socket
	regular
	directory
)

func kindOf(mode fs.FileMode) kind {
	switch {
	case mode.IsRegular():
		return regular
	case mode.IsDir():
		return directory
	}
	return other
}

// state tells one version of a file from another.
type state struct {
	kind    kind
	size    int64 // in octets
	modTime time.Time

	// What only some sources know: then the same state means the same content, if it is settled.
	exact         bool
	device, inode uint64
	changed       time.Time // of the file or of what the file system knows of it

	sum string // what the content comes to, where that is needed; else ""
}

func stateOf(info fs.FileInfo) state {
	return state{kind: kindOf(info.Mode()), size: info.Size(), modTime: info.ModTime()}
}

// maxSize is how long a file may be, in octets: so that lengths and offsets can be added without overflow.
const maxSize = 1 << 62

// check returns why what is in this state cannot be served.
func (s state) check() error {
	switch {
	case s.kind == directory:
		return errDirectory
	case s.kind == regular && 0 <= s.size && s.size <= maxSize:
		return nil
	}
	return errNotRegular
}

// settled is the age from which on a file's times tell two versions apart: no file system in use counts in steps longer
// than this.
const settled = 2 * time.Second

// isSettled reports whether a later change of the content would change the state.
func (s state) isSettled(now time.Time) bool {
	return s.exact && now.Sub(s.modTime) >= settled && now.Sub(s.changed) >= settled
}

// open looks before it opens. What takes the file's place meanwhile is opened without waiting, and found out by the
// second look.
func open(in source, name string) (*File, error) {
	found, err := in.look(name)
	if err == nil {
		err = found.check()
	}
	if err != nil {
		return nil, err
	}
	return openSeen(in, name)
}

// openSeen opens what has been looked at.
func openSeen(in source, name string) (*File, error) {
	c, opened, err := in.open(name)
	if err != nil {
		return nil, err
	}
	if err := opened.check(); err != nil {
		c.Close()
		return nil, err
	}
	return &File{Size: opened.size, ModTime: opened.modTime, name: name, state: opened, content: c}, nil
}
