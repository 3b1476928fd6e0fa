package microroute

import (
	"fmt"
	"io/fs"
	"iter"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/microroute/microroute/internal/files"
	"github.com/microroute/microroute/message"
)

// Assets gives the files of a program URLs with a hash of their content in them, so that browsers keep them for ever and yet
// never show an old one: "/assets/app.css" becomes "/assets/app.0k3v9x2m1c7qd.css". It may be shared between goroutines.
//
//	assets := microroute.NewAssets("/assets", fsys)
//	pages, err := views.New(templates, views.Config{Funcs: template.FuncMap{"asset": assets.URL}})
//	app := microroute.New(microroute.Config{Renderer: pages})
//	app.Assets(assets)
//
// A file that changes while the program runs, as one does that is being worked on, gets another URL at once. That is seen by
// its size and time of modification; in a file system without times, such as an embed.FS, files are taken not to change.
type Assets struct {
	prefix string
	fsys   fs.FS

	mu     sync.Mutex
	hashes map[string]assetHash
}

// assetHash is what a file's content comes to in a certain state.
type assetHash struct {
	size    int64
	modTime time.Time
	text    string
}

// maxHashes is how many hashes are kept, since a file system may know the same file by any number of names.
const maxHashes = 1 << 14

// NewAssets returns the Assets that serve the files of fsys below prefix, a path such as "/assets". App.Assets serves them.
func NewAssets(prefix string, fsys fs.FS) *Assets {
	return &Assets{prefix: cutSlash(joinRules("", prefix)), fsys: fsys, hashes: map[string]assetHash{}}
}

// URL returns the path, percent-encoded, under which the file called name is served. For a file that there is not it is the
// path without a hash, which will be 404: what a missing file breaks is one picture, not the page.
func (a *Assets) URL(name string) string {
	hash, err := a.hash(name)
	if err == nil {
		base, suffix := cutSuffix(name)
		name = base + "." + hash + suffix
	}
	return message.EncodePath(a.prefix + "/" + name)
}

// hash returns what the content of a file comes to.
func (a *Assets) hash(name string) (string, error) {
	info, err := fs.Stat(a.fsys, name)
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", fs.ErrNotExist
	}
	a.mu.Lock()
	known := a.hashes[name]
	a.mu.Unlock()
	if known.text != "" && known.size == info.Size() && known.modTime.Equal(info.ModTime()) {
		return known.text, nil
	}
	file, err := a.fsys.Open(name)
	if err != nil {
		return "", err
	}
	defer file.Close()
	text, err := files.Sum(file)
	if err != nil {
		return "", fmt.Errorf("microroute: asset %s: %w", name, err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.hashes) >= maxHashes {
		clear(a.hashes)
	}
	a.hashes[strings.Clone(name)] = assetHash{info.Size(), info.ModTime(), text}
	return text, nil
}

// resolve returns the name of the file that a name in a URL means, and whether it is the URL of what the file is now. A file
// whose own name looks like one with a hash is found by it.
func (a *Assets) resolve(name string) (file string, current bool) {
	file = name
	for plain, hash := range cutHash(name) {
		now, err := a.hash(plain)
		if err != nil {
			continue
		}
		if now == hash {
			return plain, true
		}
		file = plain
	}
	if file != name {
		if _, err := fs.Stat(a.fsys, name); err == nil {
			file = name
		}
	}
	return file, false
}

// cutSuffix cuts the last suffix, dot included, off a name.
func cutSuffix(name string) (base, suffix string) {
	suffix = path.Ext(name)
	return strings.TrimSuffix(name, suffix), suffix
}

// cutHash takes the hash out of a name as URL makes it: from before the suffix, or from the end if there is none. A suffix as
// long as a hash allows of both.
func cutHash(name string) iter.Seq2[string, string] {
	return func(yield func(plain, hash string) bool) {
		base, suffix := cutSuffix(name)
		plain, hash := cutSuffix(base)
		if isHash(hash) && !yield(plain+suffix, hash[1:]) {
			return
		}
		if isHash(suffix) {
			yield(base, suffix[1:])
		}
	}
}

func isHash(suffix string) bool { return len(suffix) == 1+files.SumLength }

// Assets serves the files. Those asked for by the URL of what they are now may be kept for a year, by any cache; others, by
// their plain name or the URL of another version, as pages have it that are older than the program, must be asked for again
// each time.
func (a *App) Assets(assets *Assets) {
	a.mustNotRun("Assets")
	d := &static{prefix: assets.prefix, resolve: assets.resolve}
	if err := d.openFS(assets.fsys); err != nil {
		a.mistakes.add(1, "Assets(%q): %v", assets.prefix, err)
	}
	a.addSite("Assets", &site{prefix: d.prefix, group: a.Routes, files: d})
}
