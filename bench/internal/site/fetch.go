package site

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Fetch is a request for a file of a file server, or for parts of it.
type Fetch struct {
	Name  string // static-1k; requests for parts at different places share one
	File  string // below the root of the server, such as 1k.html
	Size  int    // of the file, in bytes
	Parts []Part // what is asked for, in the order of the file; none stands for the whole file
}

// Part is a range of a file, in bytes.
type Part struct{ Offset, Length int }

// large is the size of the file in which parts are asked for, and landmark the distance of the lines in it.
const (
	large    = 1 << 30
	landmark = 1 << 20
)

// Fetches returns what file servers are asked for, those that move much content last.
func Fetches() []Fetch {
	all := []Fetch{whole("1k")}
	// Every part has a landmark in its middle, so that a wrong one is noticed.
	for n := 1; n < large/landmark; n++ {
		all = append(all, parts("range-1k", Part{n*landmark - 512, 1 << 10}))
	}
	for n := 8; n < large/landmark; n += 16 {
		all = append(all, parts("range-100k", Part{n*landmark - 50<<10, 100 << 10}))
	}
	ten := make([]Part, 10)
	for n := range ten {
		ten[n] = Part{100*(n+1)*landmark - 512, 1 << 10}
	}
	return append(all, parts("ranges", ten...), whole("100k"), whole("10m"), whole("1g"))
}

func whole(size string) Fetch {
	return Fetch{Name: "static-" + size, File: size + suffix, Size: Sizes[size]}
}

func parts(name string, parts ...Part) Fetch {
	return Fetch{Name: name, File: "1g" + suffix, Size: large, Parts: parts}
}

// Request returns the request as it is sent.
func (f Fetch) Request() []byte {
	var ranges strings.Builder
	for i, p := range f.Parts {
		separator := ", "
		if i == 0 {
			separator = "Range: bytes="
		}
		fmt.Fprintf(&ranges, "%s%d-%d", separator, p.Offset, p.Offset+p.Length-1)
	}
	if len(f.Parts) > 0 {
		ranges.WriteString("\r\n")
	}
	return fmt.Appendf(nil, "GET /%s HTTP/1.1\r\nHost: 127.0.0.1\r\n%s\r\n", f.File, ranges.String())
}

// Length returns how many bytes of content an answer has, or 0 if that is the server's business: several parts have
// heads and separators of its own.
func (f Fetch) Length() int {
	switch len(f.Parts) {
	case 0:
		return f.Size
	case 1:
		return f.Parts[0].Length
	}
	return 0
}

// Content returns a part of the file.
func (f Fetch) Content(p Part) io.Reader {
	if f.Size == large {
		return io.NewSectionReader(landmarks{}, int64(p.Offset), int64(p.Length))
	}
	return bytes.NewReader(Content(f.Size)[p.Offset:][:p.Length])
}

// MakeRoot makes the files of all Fetches in the directory dir. The largest is a sparse one.
func MakeRoot(dir string) error {
	for _, name := range []string{"1k", "100k", "10m"} {
		if err := writeFile(filepath.Join(dir, name+suffix), Sizes[name]); err != nil {
			return err
		}
	}
	f, err := os.Create(filepath.Join(dir, "1g"+suffix))
	if err != nil {
		return err
	}
	err = f.Truncate(large)
	for n := 0; n < large/landmark && err == nil; n++ {
		_, err = f.WriteAt(line(n), int64(n)*landmark)
	}
	return errors.Join(err, f.Close())
}

// landmarks is the content of the largest file: a line at each multiple of landmark, and NULs between them.
type landmarks struct{}

func line(n int) []byte {
	return fmt.Appendf(nil, "MiB %04d of a file that has nothing else in it\n", n)
}

// ReadAt fills p; the caller knows the size.
func (landmarks) ReadAt(p []byte, offset int64) (int, error) {
	clear(p)
	first, end := int(offset), int(offset)+len(p)
	for n := first / landmark; n*landmark < end; n++ {
		text, from := line(n), n*landmark-first
		if from < 0 {
			text, from = text[min(-from, len(text)):], 0
		}
		copy(p[from:], text)
	}
	return len(p), nil
}
