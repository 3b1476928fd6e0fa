// Package files finds and opens the files that a server may send, and decides which part of one answers a request
// (RFC 9110 sections 8.8, 13 and 14). It sends nothing, and which names have types or rules of their own is left to its
// caller.
//
//	tree, err := files.OpenTree("www", files.Options{Pages: []string{"index.html"}})
//	file, err := tree.Open("/sub/", header.Get("Accept-Encoding")) // an error that is fs.ErrNotExist is a 404
//	defer file.Close()
//	part := file.Select("GET", header, time.Now())
//	part.SetFields(responseHeader) // then part.Status, and part.Length octets from part.Offset on
package files

import (
	"io"
	"io/fs"
	"os"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/microroute/microroute/message"
)

// File is a regular file, opened for reading. Whoever opened it closes it.
type File struct {
	Size    int64     // in octets, when it was opened
	ModTime time.Time // as exact as its source tells; the zero Time if that does not
	Coding  string    // the content coding that it is stored in, such as "gzip"; "" for none

	name    string
	state   state
	content content // nil if it is in memory
	data    []byte
	tag     string // "" to make one of size and time
	date    string // ModTime as it stands in Last-Modified; "" to format it

	siblings atomic.Pointer[siblings] // nil if nobody has looked for them
	kept     *File                    // whose content this one shares; nil if it has its own
}

// content is where the octets of an open file are.
type content interface {
	io.ReaderAt
	io.Closer
}

// Open opens the file with a path of the operating system, given by the program and not by a client: it may lead
// anywhere, and its name may begin with a dot. What is no regular file cannot be opened: for a directory, as for a file
// that is missing, the error is fs.ErrNotExist.
func Open(path string) (*File, error) { return (*Cache)(nil).Open(path) }

// Name returns the name that the file was opened by: a path of the operating system, or one within its tree. Of a file
// that is stored in a coding it is that of the original, which tells its type.
func (f *File) Name() string { return f.name }

// Data returns all of the file, if it is in memory, else nil. The octets must not be changed.
func (f *File) Data() []byte { return f.data }

// Varies reports whether the same path has answers in several codings, so that they depend on Accept-Encoding.
func (f *File) Varies() bool {
	found := f.original().siblings.Load()
	return f.Coding != "" || found != nil && len(found.codings) > 0
}

// original returns the File that remembers what is known of all that share its content.
func (f *File) original() *File {
	if f.kept != nil {
		return f.kept
	}
	return f
}

// Close closes the file. Closing one that is in memory does nothing. Of others, what is read or closed again is
// fs.ErrClosed.
func (f *File) Close() error {
	if f.content == nil {
		return nil
	}
	open := f.content
	f.content = closed{}
	return open.Close()
}

// closed is the content of a closed file. The number of its descriptor may be that of another file by now.
type closed struct{}

func (closed) ReadAt([]byte, int64) (int, error) { return 0, fs.ErrClosed }

func (closed) Close() error { return fs.ErrClosed }

// Part returns length octets of the file from offset on, to be read once. It reads until the file is closed.
func (f *File) Part(offset, length int64) *Part { return &Part{f, offset, length} }

// Part is a part of a File that is still to be read.
type Part struct {
	file           *File
	offset, length int64
}

// Len returns how many octets are still to be read. It is more than there are if the file has shrunk.
func (p *Part) Len() int64 { return p.length }

// Read reads on.
func (p *Part) Read(b []byte) (n int, err error) {
	switch {
	case p.length <= 0:
		return 0, io.EOF
	case p.file.content == nil:
		n = copy(b, p.file.data[p.offset:p.offset+p.length])
	default:
		n, err = p.file.content.ReadAt(b[:min(int64(len(b)), p.length)], p.offset)
		if n > 0 {
			err = nil
		}
	}
	p.Skip(int64(n))
	return n, err
}

// Skip takes away n octets that have been read in another way.
func (p *Part) Skip(n int64) { p.offset, p.length = p.offset+n, p.length-n }

// Descriptor returns the descriptor of the open file and the offset in it where the part begins, for system calls that do
// not move the file's own offset. It is false if the file is none of the operating system's.
func (p *Part) Descriptor() (fd uintptr, offset int64, ok bool) {
	open := p.file.content
	if c, ok := open.(*shared); ok {
		open = c.content
	}
	switch c := open.(type) {
	case descriptor:
		fd, ok = c.fd()
		return fd, p.offset, ok
	case *os.File:
		return c.Fd(), p.offset, true
	}
	return 0, 0, false
}

// Stream returns what is left of the part as the reader that packages net and net/http know how to send without a copy,
// if the file is one of the operating system; else the part itself. It reads until the file is closed, and moves the
// file's own offset, so that a file has one Stream at a time.
func (p *Part) Stream() io.Reader {
	switch c := p.file.content.(type) {
	case descriptor:
		p.file.content = c.file(p.file.name)
	case *shared: // with others, who would move the offset
		own := c.reopen(p.file.name)
		if own == nil {
			return p
		}
		c.Close()
		p.file.content = own
	}
	file, ok := p.file.content.(*os.File)
	if !ok {
		return p
	}
	if _, err := file.Seek(p.offset, io.SeekStart); err != nil {
		return p
	}
	return &io.LimitedReader{R: file, N: p.length}
}

// Validators returns the entity tag and the date that stand for the file's present state.
//
// The tag is made of size and time of modification. It is weak while that time is less than 2 s before now, or after
// it: then the file may change again without a change of either (RFC 9110 section 8.8.1). The date is at most now
// (section 8.8.2.1). A file whose time has been wiped, as in a reproducible build, has neither: tools give all files the
// same one then. In an fs.FS that is not the operating system's, such files and those without a time have a tag that is
// made of their content.
func (f *File) Validators(now time.Time) message.Validators {
	if isWiped(f.ModTime) {
		if f.state.sum == "" {
			return message.Validators{}
		}
		return message.Validators{ETag: f.makeTag(false)}
	}
	v := message.Validators{ETag: f.tag, LastModified: f.ModTime}
	if v.LastModified.After(now) {
		v.LastModified = now
	}
	if weak := now.Sub(f.ModTime) < settled; weak || f.tag == "" {
		v.ETag = f.makeTag(weak)
	}
	return v
}

// isWiped reports whether a time says nothing of the file: there is none, or it is one of those that tools give to all.
func isWiped(t time.Time) bool {
	switch t.Unix() {
	case 0, 1, // 1970-01-01: archives made to be reproducible; Nix and OSTree
		312768000, // 1979-11-30: a zip without times
		315532800, // 1980-01-01: the first time that a zip can have
		499162500: // 1985-10-26 08:15: npm
		return true
	}
	return t.IsZero()
}

// makeTag returns the entity tag that time or content, size and coding make: each coding of a file has a tag of its own (RFC
// 9110 section 8.8.3.3).
func (f *File) makeTag(weak bool) string {
	tag := make([]byte, 0, 48)
	if weak {
		tag = append(tag, "W/"...)
	}
	tag = append(tag, '"')
	if f.state.sum != "" {
		tag = append(tag, f.state.sum...)
	} else {
		tag = strconv.AppendUint(tag, uint64(f.ModTime.UnixNano()), 36)
	}
	tag = append(tag, '-')
	tag = strconv.AppendInt(tag, f.Size, 36)
	if f.Coding != "" {
		tag = append(append(tag, '-'), f.Coding...)
	}
	return string(append(tag, '"'))
}

// Select is Select for this file.
func (f *File) Select(method string, h *message.Header, now time.Time) Selection {
	s := Select(method, h, f.Validators(now), f.Size, now)
	if s.validators.LastModified.Equal(f.ModTime) {
		s.date = f.date
	}
	return s
}
