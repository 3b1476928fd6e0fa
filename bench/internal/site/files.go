package site

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"io"
	"os"
	"path/filepath"
)

// Sizes is the names of the files, and of the contents sent to /echo, with their sizes in bytes.
var Sizes = map[string]int{"1k": 1 << 10, "64k": 64 << 10, "100k": 100 << 10, "10m": 10 << 20, "1g": large}

// Files is a directory with the files that /file serves, 1k.html, 100k.html and 10m.html. The suffix is one that every
// server knows, so that none has to guess the type from the content.
type Files string

const suffix = ".html"

// FilesVariable is the variable of the environment that names a directory with the files. Those that are there already have a
// past, as the files of a server in earnest have: one that keeps files in memory does not trust what has just been written.
const FilesVariable = "BENCH_FILES"

// MakeFiles makes the files in a new directory in dir or, if that is "", where temporary files are. Remove removes them.
func MakeFiles(dir string) (Files, error) {
	dir, err := os.MkdirTemp(dir, "bench-files-")
	if err != nil {
		return "", err
	}
	for _, name := range []string{"1k", "100k", "10m"} {
		if err := writeFile(filepath.Join(dir, name+suffix), Sizes[name]); err != nil {
			os.RemoveAll(dir)
			return "", err
		}
	}
	return Files(dir), nil
}

// UseFiles returns the files in the directory root or, if that is "", in that of FilesVariable, or else new ones. What was
// made is removed by remove.
func UseFiles(root string) (files Files, remove func() error, err error) {
	if root = cmp.Or(root, os.Getenv(FilesVariable)); root != "" {
		return Files(root), func() error { return nil }, nil
	}
	files, err = MakeFiles("")
	return files, files.Remove, err
}

// Path returns the path of the file called name, such as 1k, whose directories are ignored.
func (f Files) Path(name string) string { return filepath.Join(string(f), filepath.Base(name)+suffix) }

// Remove removes the files and their directory.
func (f Files) Remove() error { return os.RemoveAll(string(f)) }

// Content returns n bytes of text in numbered lines, so that a gap in it is noticed.
func Content(n int) []byte {
	b := bytes.NewBuffer(make([]byte, 0, n))
	writeContent(b, n)
	return b.Bytes()
}

// writeFile makes a file of n bytes of Content, a line at a time: a server that has just started should not have used
// memory for that.
func writeFile(path string, n int) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	writeContent(w, n)
	return errors.Join(w.Flush(), f.Close())
}

// writeContent leaves errors to w, which keeps them.
func writeContent(w io.Writer, n int) {
	line := []byte("line 00000000 of a file that nobody reads\n")
	for number := 0; n > 0; number++ {
		for i, rest := 12, number; i >= 5; i, rest = i-1, rest/10 {
			line[i] = byte('0' + rest%10)
		}
		written, _ := w.Write(line[:min(n, len(line))])
		n -= max(written, 1)
	}
}
