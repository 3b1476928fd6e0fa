package files_test

import (
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"github.com/microroute/microroute/internal/files"
)

var compiled = time.Date(2026, 5, 1, 12, 0, 0, 400, time.UTC)

// A file is a text, and how much later than the original it was made.
type stored struct {
	name  string
	later time.Duration
}

var codings = []string{"zstd", "br", "gzip"}

func TestCodings(t *testing.T) {
	all := []stored{{"a.js.zst", 0}, {"a.js.br", time.Hour}, {"a.js.gz", 0}}
	for _, test := range []struct {
		name           string
		siblings       []stored
		acceptEncoding string
		want           string // name of what is opened
		coding         string
		varies         bool
	}{
		{"nothing beside it", nil, "zstd, br, gzip", "a.js", "", false},
		{"our order", all, "gzip, br, zstd", "a.js.zst", "zstd", true},
		{"weights before our order", all, "zstd;q=0.5, br;q=0.7, gzip;q=0.6", "a.js.br", "br", true},
		{"the only one known to the client", all, "gzip", "a.js.gz", "gzip", true},
		{"x-gzip", all, "x-gzip", "a.js.gz", "gzip", true},
		{"letter case", all, "GZip", "a.js.gz", "gzip", true},
		{"refused", all, "zstd;q=0, br;q=0, gzip", "a.js.gz", "gzip", true},
		{"all refused", all, "zstd;q=0, br;q=0, gzip;q=0", "a.js", "", true},
		{"any", all, "*", "a.js.zst", "zstd", true},
		{"any but one", all, "zstd;q=0, *", "a.js.br", "br", true},
		{"identity liked best", all, "gzip;q=0.5, identity", "a.js", "", true},
		{"identity refused, and nothing else there", nil, "identity;q=0", "a.js", "", false},
		{"unknown", all, "deflate, snappy", "a.js", "", true},
		{"malformed", all, "gzip;q=nan", "a.js", "", true},
		{"no field", all, "", "a.js", "", true},
		{"one of three", []stored{{"a.js.gz", 0}}, "zstd, br, gzip", "a.js.gz", "gzip", true},
		{"made at the same time, fraction cut off", []stored{{"a.js.gz", -400}}, "gzip", "a.js.gz", "gzip", true},
		{"older than the original", []stored{{"a.js.gz", -time.Second}}, "gzip", "a.js", "", false},
		{"one older, one not", []stored{{"a.js.br", -time.Hour}, {"a.js.gz", 0}}, "br, gzip", "a.js.gz", "gzip", true},
		{"a directory", []stored{{"a.js.gz/x", 0}}, "gzip", "a.js", "", false},
		{"of another file", []stored{{"b.js.gz", 0}}, "gzip", "a.js", "", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			site, memory := t.TempDir(), fstest.MapFS{}
			for _, one := range append(test.siblings, stored{"a.js", 0}) {
				path := filepath.Join(site, one.name)
				writeFile(t, path, one.name)
				setTime(t, path, compiled.Add(one.later))
				memory[one.name] = &fstest.MapFile{Data: []byte(one.name), ModTime: compiled.Add(one.later)}
			}
			trees := waysTo(t, site, files.Options{Encodings: codings, Cache: files.NewCache(1 << 20)})
			trees["memory"] = files.NewTree(memory, files.Options{Encodings: codings})
			for way, tree := range trees {
				file, err := tree.Open("/a.js", test.acceptEncoding)
				if err != nil {
					t.Errorf("%s: %v", way, err)
					continue
				}
				if file.Coding != test.coding || file.Varies() != test.varies || file.Name() != "a.js" {
					t.Errorf("%s: %s in coding %q, varies: %t, want a.js, %q, %t",
						way, file.Name(), file.Coding, file.Varies(), test.coding, test.varies)
				}
				if got := content(t, file); got != test.want {
					t.Errorf("%s: opened %s, want %s", way, got, test.want)
				}
			}
		})
	}
}

// Each coding of a file has a tag of its own, even if all are as long and old as the original (RFC 9110 section 8.8.3.3).
func TestCodingsHaveTags(t *testing.T) {
	memory := fstest.MapFS{}
	for _, name := range []string{"a.js", "a.js.zst", "a.js.br", "a.js.gz"} {
		memory[name] = &fstest.MapFile{Data: []byte("the same"), ModTime: compiled}
	}
	tree := files.NewTree(memory, files.Options{Encodings: codings})
	for coding, want := range map[string]string{
		"": `"di7bnk55xxn4-8"`, "zstd": `"di7bnk55xxn4-8-zstd"`, "br": `"di7bnk55xxn4-8-br"`, "gzip": `"di7bnk55xxn4-8-gzip"`,
	} {
		file, err := tree.Open("/a.js", coding)
		if err != nil {
			t.Fatal(err)
		}
		if got := file.Validators(now).ETag; got != want {
			t.Errorf("coding %q: tag %s, want %s", coding, got, want)
		}
		file.Close()
	}
}

// A sibling that leads out of the root is as good as none: then it is the next one that the client likes.
func TestCodingOutside(t *testing.T) {
	site := t.TempDir()
	for _, name := range []string{"a.js", "b.js", "b.js.gz", "../stolen"} {
		writeFile(t, filepath.Join(site, "www", name), name)
	}
	symlink(t, "../stolen", filepath.Join(site, "www", "a.js.zst"))
	symlink(t, "../stolen", filepath.Join(site, "www", "b.js.zst"))
	for way, tree := range waysTo(t, filepath.Join(site, "www"), files.Options{Encodings: codings}) {
		for path, want := range map[string]string{"/a.js": "a.js", "/b.js": "b.js.gz"} {
			file, err := tree.Open(path, "zstd, gzip")
			if err != nil {
				t.Errorf("%s: Open(%q): %v", way, path, err)
				continue
			}
			if got := content(t, file); got != want {
				t.Errorf("%s: Open(%q) opened %s, want %s", way, path, got, want)
			}
		}
	}
}

func TestKnownCoding(t *testing.T) {
	for coding, want := range map[string]bool{
		"zstd": true, "br": true, "gzip": true, "": false, "identity": false, "deflate": false, "GZIP": false, "gz": false,
	} {
		if got := files.KnownCoding(coding); got != want {
			t.Errorf("KnownCoding(%q) = %t, want %t", coding, got, want)
		}
	}
}
