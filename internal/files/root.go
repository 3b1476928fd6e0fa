package files

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// ErrNoSlash says that a path names a directory with a default page, but has no slash behind it. The answer is a
// redirect to the same path with one: what the page links to is relative to the directory.
var ErrNoSlash = errors.New("files: path of a directory without a slash behind it")

// Root is a directory whose files may be served. It may be shared between goroutines.
//
// It follows its name: if another directory takes the place of the one that was opened, as when a symbolic link is
// changed or the directory made anew, files come from that one within a second.
type Root struct {
	dir string // absolute, so that it means the same wherever the program goes

	mu      sync.Mutex
	current *os.Root
	info    fs.FileInfo // of current
	checked time.Time   // when current last was what dir names
	closed  bool
}

// followInterval is how often a Root looks whether its name still means the same directory.
const followInterval = time.Second

// OpenRoot opens the directory with a path of the operating system. An empty path is an error, not the working
// directory.
func OpenRoot(dir string) (*Root, error) {
	current, info, err := openDirectory(dir)
	if err != nil {
		return nil, err
	}
	if dir, err = filepath.Abs(dir); err != nil {
		current.Close()
		return nil, err
	}
	return &Root{dir: dir, current: current, info: info, checked: time.Now()}, nil
}

func openDirectory(dir string) (*os.Root, fs.FileInfo, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, nil, err
	}
	info, err := root.Stat(".")
	if err != nil {
		root.Close()
		return nil, nil, err
	}
	return root, info, nil
}

// Close closes the directory. Files opened in it stay open.
func (r *Root) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	return r.current.Close()
}

// Open opens the file for the decoded path of a request, such as "/sub/a b.txt". In a directory, whose path ends with a
// slash, it is the first that exists of the default pages.
//
// The error is fs.ErrNotExist for all that is not there and for all that is not to be seen, so that a client cannot tell
// the two apart; its text and what else it wraps tell the log. Not to be seen are:
//
//   - names that begin with a dot, or have a backslash or a control character in them;
//   - empty names, as in "a//b", and a file with a slash behind it;
//   - what lies outside of the root: symbolic links may lead from one place in it to another, if they are relative;
//   - what is neither a regular file nor a directory with a default page;
//   - what the operating system does not permit this program to read;
//   - on Windows, other spellings of a name, streams and devices.
//
// It is ErrNoSlash for the path of a directory without its slash. Any other error is trouble of the machine, such as too
// many open files.
func (r *Root) Open(path string, pages []string) (*File, error) {
	name, isDirectory, err := locate(path)
	if err != nil {
		return nil, explain(path, err)
	}
	in, err := r.directory()
	if err != nil {
		return nil, err
	}
	if isDirectory {
		return openPage(in, path, name, pages)
	}
	file, err := open(in, name)
	if err == errDirectory {
		page, err := openPage(in, path, name, pages)
		if err != nil {
			return nil, err
		}
		page.Close()
		return nil, ErrNoSlash
	}
	if err != nil {
		return nil, explain(path, err)
	}
	return file, nil
}

// openPage opens the first of the pages that there is in a directory.
func openPage(in opener, path, name string, pages []string) (*File, error) {
	for _, page := range pages {
		file, err := open(in, name+"/"+page)
		if err == nil {
			return file, nil
		}
		if err = explain(path, err); !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	return nil, explain(path, errNoPage)
}

// directory returns the directory that the root's name means. One that it does not mean any more is left to the garbage
// collector, which closes it after its last user.
func (r *Root) directory() (*os.Root, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, fs.ErrClosed
	}
	now := time.Now()
	if now.Sub(r.checked) < followInterval {
		return r.current, nil
	}
	r.checked = now
	if info, err := os.Stat(r.dir); err != nil || os.SameFile(info, r.info) {
		return r.current, nil
	}
	if current, info, err := openDirectory(r.dir); err == nil {
		r.current, r.info = current, info
	}
	return r.current, nil
}
