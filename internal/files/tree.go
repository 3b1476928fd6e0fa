package files

import (
	"errors"
	"io/fs"
	"time"
)

// ErrNoSlash says that a path names a directory that can be shown, but has no slash behind it. The answer is a redirect to
// the same path with one: what the page links to is relative to the directory.
var ErrNoSlash = errors.New("files: path of a directory without a slash behind it")

// Tree is a directory of the operating system, or an fs.FS, whose files may be served. It may be shared between goroutines.
type Tree struct {
	options Options
	root    *Root // nil for an fs.FS
	fsys    *held // nil for a directory
}

// Options says what of a Tree is shown.
type Options struct {
	Pages     []string // the files that stand for their directory, the first that exists
	Listing   bool     // directories without such a file can be listed
	Dotfiles  bool     // names that begin with a dot are shown
	Encodings []string // the content codings in which files are looked for beside the originals: "zstd", "br", "gzip"
	Cache     *Cache   // of small files of the operating system; may be nil
}

// OpenTree opens the directory with a path of the operating system. An empty path is an error, not the working directory.
func OpenTree(dir string, o Options) (*Tree, error) {
	root, err := OpenRoot(dir, o.Cache)
	if err != nil {
		return nil, err
	}
	return &Tree{options: o, root: root}, nil
}

// NewTree returns the Tree of fsys. What names and links mean in there is the business of fsys.
func NewTree(fsys fs.FS, o Options) *Tree {
	return &Tree{options: o, fsys: hold(newFileSystem(fsys), nil)}
}

// Close closes the Tree. Files opened in it stay open.
func (t *Tree) Close() error {
	if t.root == nil {
		return t.fsys.release()
	}
	return t.root.Close()
}

// hold returns where the files are now, to be released after use.
func (t *Tree) hold() (*held, error) {
	if t.root == nil {
		t.fsys.users.Add(1)
		return t.fsys, nil
	}
	return t.root.directory()
}

// Open opens the file for the decoded path of a request, such as "/sub/a b.txt". In a directory, whose path ends with a
// slash, it is the first that exists of the default pages. Of the codings in which the file is there it is the one that the
// client's Accept-Encoding field likes best, see Options.Encodings.
//
// The error is fs.ErrNotExist for all that is not there and for all that is not to be seen, so that a client cannot tell
// the two apart; its text and what else it wraps tell the log. Not to be seen are:
//
//   - names that begin with a dot, but for .well-known at the top (RFC 8615), and names that have a backslash or a control
//     character in them;
//   - empty names, as in "a//b", and a file with a slash behind it;
//   - what lies outside of the root: symbolic links may lead from one place in it to another, if they are relative;
//   - what is neither a regular file nor a directory with a default page;
//   - what the operating system does not permit this program to read;
//   - on Windows, other spellings of a name, streams and devices.
//
// It is ErrNoSlash for the path of a directory without its slash. Any other error is trouble of the machine, such as too
// many open files.
func (t *Tree) Open(path, acceptEncoding string) (*File, error) {
	name, isDirectory, err := locate(path, t.options.Dotfiles)
	if err != nil {
		return nil, explain(path, err)
	}
	held, err := t.hold()
	if err != nil {
		return nil, err
	}
	defer held.release()
	in := held.source
	if isDirectory {
		return t.openPage(in, path, name, acceptEncoding)
	}
	file, err := t.openIn(in, name, acceptEncoding)
	if err == errDirectory {
		return nil, t.wantSlash(in, path, name)
	}
	if err != nil {
		return nil, explain(path, err)
	}
	return file, nil
}

// openPage opens the first of the default pages that there is in a directory.
func (t *Tree) openPage(in source, path, name, acceptEncoding string) (*File, error) {
	for _, page := range t.options.Pages {
		file, err := t.openIn(in, join(name, page), acceptEncoding)
		if err == nil {
			return file, nil
		}
		if err = explain(path, err); !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	return nil, explain(path, errNoPage)
}

// wantSlash returns ErrNoSlash if there is something to show for the directory, else why not.
func (t *Tree) wantSlash(in source, path, name string) error {
	page, err := t.openPage(in, path, name, "")
	if err == nil {
		page.Close()
		return ErrNoSlash
	}
	if !t.options.Listing || !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	c, opened, err := in.open(name)
	if err != nil {
		return explain(path, err)
	}
	c.Close()
	if opened.kind != directory {
		return explain(path, errNoListing)
	}
	return ErrNoSlash
}

// openIn opens a regular file in the coding that the client likes best.
func (t *Tree) openIn(in source, name, acceptEncoding string) (*File, error) {
	now := time.Now()
	file, err := t.options.Cache.open(in, name, "", now)
	if err != nil || len(t.options.Encodings) == 0 {
		return file, err
	}
	return t.openCoded(in, file, acceptEncoding, now), nil
}

// join returns the name of a file in the directory called dir.
func join(dir, name string) string {
	if dir == "." {
		return name
	}
	return dir + "/" + name
}
