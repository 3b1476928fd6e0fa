package files_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/microroute/microroute/internal/files"
	"github.com/microroute/microroute/message"
)

func TestOpen(t *testing.T) {
	site := newSite(t)
	for name, want := range map[string]string{
		"a.txt": "www/a.txt", ".hidden": "www/.hidden", "../secret.txt": "secret.txt", "out.txt": "secret.txt",
		"abs.txt": "secret.txt", "sp ace.txt": "www/sp ace.txt",
	} {
		file, err := files.Open(filepath.Join(site, name))
		if err != nil {
			t.Errorf("Open(%q): %v", name, err)
			continue
		}
		if got := content(t, file); got != want {
			t.Errorf("Open(%q) opened %q, want %q", name, got, want)
		}
	}
	for _, path := range []string{"", site, site + "/", site + "/sub", site + "/nothing", site + "/a.txt/", site + "/a.txt/b",
		site + "/dangling", site + "/loop", site + "/a.txt\x00", site + "/" + strings.Repeat("n", 300)} {
		if file, err := files.Open(path); !errors.Is(err, fs.ErrNotExist) || file != nil {
			t.Errorf("Open(%.80q) = %v, %v, want an error that is fs.ErrNotExist", path, file, err)
		}
	}
}

func TestFileDescribesItself(t *testing.T) {
	path := filepath.Join(newSite(t), "a.txt")
	modified := time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC)
	if err := os.Chtimes(path, time.Time{}, modified); err != nil {
		t.Fatal(err)
	}
	file, err := files.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if file.Size != int64(len("www/a.txt")) || !file.ModTime.Equal(modified) || file.Name() != path {
		t.Errorf("got %d octets of %v called %s, want %d of %v called %s",
			file.Size, file.ModTime, file.Name(), len("www/a.txt"), modified, path)
	}
}

// The name of a file opened in a root tells the type of a default page.
func TestNameOfDefaultPage(t *testing.T) {
	site := newSite(t)
	file, err := openRoot(t, site).Open("/old/", "")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if got, want := filepath.Base(file.Name()), "index.htm"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestValidators(t *testing.T) {
	old := now.Add(-24 * time.Hour)
	tests := []struct {
		name     string
		modified time.Time
		size     int64
		etag     string
	}{
		{"size in base 36 behind the time", old, 1000, `"dik150hm914k-rs"`},
		{"a nanosecond later", old.Add(1), 1000, `"dik150hm914l-rs"`},
		{"an octet longer", old, 1001, `"dik150hm914k-rt"`},
		{"empty", old, 0, `"dik150hm914k-0"`},
		{"before 1970", time.Unix(-1, 0), 1, `"3w5e111plezuo-1"`},
		{"two seconds into 1970", time.Unix(2, 0), 1, `"x2qxvk-1"`},
	}
	for _, test := range tests {
		file := files.File{Size: test.size, ModTime: test.modified}
		want := message.Validators{ETag: test.etag, LastModified: test.modified}
		if got := file.Validators(now); got != want || !message.ValidETag(got.ETag) {
			t.Errorf("%s: got %+v, want %+v", test.name, got, want)
		}
	}
}

// RFC 9110 sections 8.8.1 and 8.8.2.1.
func TestValidatorsOfFreshFile(t *testing.T) {
	for age, weak := range map[time.Duration]bool{
		2 * time.Second:   false,
		2*time.Second - 1: true,
		0:                 true,
		-time.Hour:        true,
	} {
		file := files.File{Size: 1, ModTime: now.Add(-age)}
		got := file.Validators(now)
		if strings.HasPrefix(got.ETag, "W/") != weak || !message.ValidETag(got.ETag) {
			t.Errorf("%v old: tag %s, want a weak one: %t", age, got.ETag, weak)
		}
		if want := now.Add(-max(age, 0)); !got.LastModified.Equal(want) {
			t.Errorf("%v old: last modified %v, want %v", age, got.LastModified, want)
		}
	}
}

func TestValidatorsOfWipedTime(t *testing.T) {
	for _, modified := range []time.Time{
		{}, time.Unix(0, 0), time.Unix(1, 0), time.Unix(1, 999),
		time.Date(1979, 11, 30, 0, 0, 0, 0, time.UTC), time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC),
		time.Date(1985, 10, 26, 8, 15, 0, 0, time.UTC),
	} {
		file := files.File{Size: 1, ModTime: modified}
		if got := file.Validators(now); got != (message.Validators{}) {
			t.Errorf("%v: got %+v, want none", modified, got)
		}
	}
}
