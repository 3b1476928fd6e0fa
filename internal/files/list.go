package files

import (
	"io/fs"
	"time"
)

// Entry is a regular file or a directory in a listing.
type Entry struct {
	Name        string
	IsDirectory bool
	Size        int64     // in octets, of a file
	ModTime     time.Time // the zero Time if its source does not tell
}

// List returns what there is to see in the directory with this path, which ends with a slash, in no particular order: what
// Open would find, and directories. Names that begin with a dot need Options.Dotfiles here, .well-known as well. The error
// is as for Open, and fs.ErrNotExist without Options.Listing.
func (t *Tree) List(path string) ([]Entry, error) {
	name, isDirectory, err := locate(path, t.options.Dotfiles)
	if err == nil && !(isDirectory && t.options.Listing) {
		err = errNoListing
	}
	if err != nil {
		return nil, explain(path, err)
	}
	held, err := t.hold()
	if err != nil {
		return nil, err
	}
	defer held.release()
	found, err := list(held.source, name)
	if err != nil {
		return nil, explain(path, err)
	}
	var entries []Entry
	for _, one := range found {
		if entry, ok := t.entry(held.source, name, one); ok {
			entries = append(entries, entry)
		}
	}
	return entries, nil
}

// list looks before it opens, as open does.
func list(in source, name string) ([]fs.DirEntry, error) {
	found, err := in.look(name)
	if err == nil && found.kind != directory {
		err = errNoListing
	}
	if err != nil {
		return nil, err
	}
	return in.list(name)
}

// entry returns what is known of something in a directory, if it may be seen. Where a link leads is found out by opening
// it, so that nothing outside is told of.
func (t *Tree) entry(in source, directoryName string, one fs.DirEntry) (Entry, bool) {
	if !isVisible(one.Name(), t.options.Dotfiles) {
		return Entry{}, false
	}
	name := join(directoryName, one.Name())
	found, err := in.look(name)
	if err == nil && found.kind != other && one.Type()&fs.ModeSymlink != 0 {
		var c content
		if c, found, err = in.open(name); err == nil {
			c.Close()
		}
	}
	if err != nil {
		return Entry{}, false
	}
	err = found.check()
	return Entry{one.Name(), err == errDirectory, found.size, found.modTime}, err == nil || err == errDirectory
}
