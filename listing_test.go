package microroute_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/microroutetest"
)

// A directory without a default page can be listed, as a page or as JSON.
func TestListing(t *testing.T) {
	files := map[string]string{
		"photos/a.jpg": "12345", "photos/b & c.txt": "1", "photos/may/x.txt": "", "photos/.hidden": "", `photos/back\slash`: "", "home/index.html": "home",
	}
	root := site(t, files)
	if err := os.Symlink(filepath.Join(root, "home"), filepath.Join(root, "photos", "absolute")); err != nil {
		t.Logf("without symbolic links: %v", err)
	}
	onEachEngine(t, func(t *testing.T, app *microroute.App) {
		config := app.Config()
		config.Root, config.Static.Listing = root, true
		app = microroute.New(config)
		app.Static("/fs", tree(files), microroute.StaticConfig{Listing: true})
		app.Static("/unlisted", tree(files))
		server := serve(t, app)
		for _, test := range []wireCase{
			{"GET /photos", "301 ", []string{"Location: /photos/"}},
			{"GET /photos/", "200 <!doctype html>…", []string{"Vary: Accept", "Content-Type: text/html; charset=utf-8"}},
			{"GET /fs", "301 ", []string{"Location: /fs/"}},
			{"GET /fs/", "200 <!doctype html>…", nil},
			{"GET /fs/home/", "200 home", []string{"Content-Security-Policy:", "Vary:"}},
			{"GET /fs/photos/?sort=size\nAccept: application/json", `200 {"path":"/fs/photos/",…`, []string{"Vary: Accept", "Content-Type: application/json", "Content-Security-Policy:"}},
			{"GET /fs/photos/\nAccept: text/html, application/json;q=0.9", "200 <!doctype html>…", nil},
			{"HEAD /fs/photos/", "200 ", []string{"Content-Type: text/html; charset=utf-8"}},
			{"POST /fs/photos/", "405 <!doctype html>…", []string{"Allow: GET, HEAD, OPTIONS"}},
			{"OPTIONS /fs/photos/", "204 ", []string{"Allow: GET, HEAD, OPTIONS"}},
			{"GET /fs/photos//", "404 <!doctype html>\n<title>404…", nil},
			{"GET /fs%2Fphotos/", "404 <!doctype html>\n<title>404…", nil},
			{"GET /fs/photos/a.jpg/", "404 <!doctype html>\n<title>404…", nil},
			{"GET /fs/none/", "404 <!doctype html>\n<title>404…", nil},
			{"GET /fs/.hidden/", "404 <!doctype html>\n<title>404…", nil},
			{"GET /unlisted/", "404 <!doctype html>\n<title>404…", nil},
			{"GET /unlisted", "404 <!doctype html>\n<title>404…", nil},
			{"GET /unlisted/photos", "404 <!doctype html>\n<title>404…", nil},
		} {
			test.check(t, server)
		}
		client := microroutetest.New(t, app)
		if policy := client.Get("/fs/photos/").Header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") {
			t.Errorf("got Content-Security-Policy %q, want one that allows nothing else", policy)
		}
		for target, want := range map[string]string{
			"/photos/":                          "may a.jpg b & c.txt",
			"/fs/photos/":                       "may a.jpg b & c.txt",
			"/fs/photos/?sort=size&order=asc":   "may b & c.txt a.jpg",
			"/fs/photos/?sort=name&order=desc":  "may b & c.txt a.jpg",
			"/fs/":                              "home photos",
			"/fs/photos/may/?sort=none&order=1": "x.txt",
		} {
			var page struct {
				Path    string
				Entries []struct{ Name, URL string }
			}
			got := client.Do("GET", target, "", "", "Accept", "application/json")
			if err := json.Unmarshal([]byte(got.Body), &page); err != nil {
				t.Fatalf("%s: %v in %q", target, err, got.Body)
			}
			var names []string
			for _, entry := range page.Entries {
				names = append(names, entry.Name)
			}
			if path, _, _ := strings.Cut(target, "?"); strings.Join(names, " ") != want || page.Path != path {
				t.Errorf("%s: got %q in %q, want %q", target, names, page.Path, want)
			}
		}
	})
}

// The way up ends at the prefix.
func TestListingWithinPrefix(t *testing.T) {
	app := microroute.New()
	app.Static("/a/b", tree(map[string]string{"c/d.txt": ""}), microroute.StaticConfig{Listing: true})
	client := microroutetest.New(t, app)
	for target, want := range map[string]bool{"/a/b/": false, "/a/b/c/": true} {
		if got := strings.Contains(client.Get(target).Body, `href="../"`); got != want {
			t.Errorf("%s: a link to what is above: %t, want %t", target, got, want)
		}
	}
}

// broken is a file system whose directories cannot be read, for a reason that is no lack of them.
type broken struct{ fs.FS }

func (b broken) Open(name string) (fs.File, error) {
	file, err := b.FS.Open(name)
	return brokenFile{file}, err
}

type brokenFile struct{ fs.File }

func (brokenFile) ReadDir(int) ([]fs.DirEntry, error) { return nil, fs.ErrClosed }

func TestListingTrouble(t *testing.T) {
	app := microroute.New()
	app.Static("/", broken{tree(map[string]string{"a/b": ""})}, microroute.StaticConfig{Listing: true})
	if got := microroutetest.New(t, app).Get("/a/"); got.Status != 500 || strings.Contains(got.Body, "<table") {
		t.Errorf("got %d %q, want 500", got.Status, got.Body)
	}
}
