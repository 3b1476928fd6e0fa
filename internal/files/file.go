// Package files finds and opens the files that a server may send, and decides which part of one answers a request
// (RFC 9110 sections 8.8, 13 and 14). It sends nothing, and which names have types or rules of their own is left to its
// caller.
//
//	root, err := files.OpenRoot("www")
//	file, err := root.Open("/sub/", []string{"index.html"}) // an error that is fs.ErrNotExist is a 404
//	defer file.Close()
//	now := time.Now()
//	part := files.Select("GET", header, file.Validators(now), file.Size, now)
//	part.SetFields(responseHeader) // then part.Status, and part.Length octets from part.Offset on
package files

import (
	"io/fs"
	"os"
	"strconv"
	"time"

	"github.com/microroute/microroute/message"
)

// File is a regular file, opened for reading. Whoever opened it closes it.
type File struct {
	*os.File
	Size    int64     // in octets, when it was opened
	ModTime time.Time // as exact as the file system tells
}

// Open opens the file with a path of the operating system, given by the program and not by a client: it may lie
// anywhere, and its name may begin with a dot. What is no regular file cannot be opened: for a directory, as for a
// file that is missing, the error is fs.ErrNotExist.
func Open(path string) (*File, error) {
	file, err := open(system{}, path)
	if err != nil {
		return nil, explain(path, err)
	}
	return file, nil
}

// opener is what an os.Root and the operating system itself have in common.
type opener interface {
	Stat(name string) (fs.FileInfo, error)
	OpenFile(name string, flag int, perm fs.FileMode) (*os.File, error)
}

type system struct{}

func (system) Stat(name string) (fs.FileInfo, error) { return os.Stat(name) }

func (system) OpenFile(name string, flag int, perm fs.FileMode) (*os.File, error) {
	return os.OpenFile(name, flag, perm)
}

// open looks before it opens, since opening alone sets some devices in motion and releases the writer of a FIFO. What
// takes the file's place meanwhile is opened without waiting, and found out by the second look.
func open(in opener, name string) (*File, error) {
	info, err := in.Stat(name)
	if err == nil {
		err = checkRegular(info)
	}
	if err != nil {
		return nil, err
	}
	f, err := in.OpenFile(name, os.O_RDONLY|nonBlocking, 0)
	if err != nil {
		return nil, err
	}
	info, err = f.Stat()
	if err == nil {
		err = checkRegular(info)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return &File{f, info.Size(), info.ModTime()}, nil
}

func checkRegular(info fs.FileInfo) error {
	switch {
	case info.IsDir():
		return errDirectory
	case !info.Mode().IsRegular():
		return errNotRegular
	}
	return nil
}

// settled is the age from which on a file's time of modification tells two versions apart: no file system in use counts
// in steps longer than this.
const settled = 2 * time.Second

// Validators returns the entity tag and the date that stand for the file's present state.
//
// The tag is made of size and time of modification. It is weak while that time is less than 2 s before now, or after
// it: then the file may change again without a change of either (RFC 9110 section 8.8.1). The date is at most now
// (section 8.8.2.1). A file of the first two seconds of 1970 has neither: that is the date that tools give to all files
// alike where they wipe the real one, as in a reproducible build.
func (f *File) Validators(now time.Time) message.Validators {
	if second := f.ModTime.Unix(); second == 0 || second == 1 {
		return message.Validators{}
	}
	v := message.Validators{LastModified: f.ModTime}
	if v.LastModified.After(now) {
		v.LastModified = now
	}
	var tag []byte
	if now.Sub(f.ModTime) < settled {
		tag = append(tag, "W/"...)
	}
	tag = append(tag, '"')
	tag = strconv.AppendUint(tag, uint64(f.ModTime.UnixNano()), 36)
	tag = append(tag, '-')
	tag = strconv.AppendInt(tag, f.Size, 36)
	v.ETag = string(append(tag, '"'))
	return v
}
