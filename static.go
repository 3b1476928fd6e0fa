package microroute

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/microroute/microroute/internal/files"
	"github.com/microroute/microroute/internal/listing"
	"github.com/microroute/microroute/message"
)

// Static serves the files of fsys below prefix, a path as rules have it but without variables, where no rule matches: those
// of an embed.FS, a zip.Reader or any other fs.FS. A directory of the operating system is better served as Config.Root; an
// os.DirFS follows symbolic links wherever they lead, the FS of an os.Root does not. It takes one StaticConfig at most.
//
// As with a route, the group's middleware comes before the files, and before the 404 for what is none. Where prefixes
// overlap, the longest one has all the paths below it: what it does not have is not looked for elsewhere.
func (r *Routes) Static(prefix string, fsys fs.FS, config ...StaticConfig) {
	r.app.mustNotRun("Static")
	d := &static{prefix: cutSlash(joinRules(r.prefix, prefix))}
	if len(config) > 0 {
		d.config = config[0]
	}
	if len(config) > 1 {
		r.app.mistakes.add(1, "Static(%q): it takes one StaticConfig, not %d", prefix, len(config))
	}
	if err := d.openFS(fsys); err != nil {
		r.app.mistakes.add(1, "Static(%q): %v", prefix, err)
	}
	r.app.addSite("Static", &site{prefix: d.prefix, group: r, files: d})
}

func cutSlash(prefix string) string { return strings.TrimRight(prefix, "/") }

// static is files that are served as they are.
type static struct {
	prefix   string // as that of the site
	config   StaticConfig
	openTree func(files.Options) (*files.Tree, error)
	tree     *files.Tree
	resolve  func(name string) (file string, current bool) // nil unless the files have URLs with hashes
}

// openFS has the files come from fsys. It returns what is wrong with that, or with the settings.
func (d *static) openFS(fsys fs.FS) error {
	if fsys == nil {
		return errors.New("the fs.FS is nil")
	}
	d.openTree = func(o files.Options) (*files.Tree, error) { return files.NewTree(fsys, o), nil }
	return d.config.check()
}

// staticRoot returns the files of Config.Root.
func staticRoot(c Config) directory {
	return &static{config: c.Static, openTree: func(o files.Options) (*files.Tree, error) {
		tree, err := files.OpenTree(c.Root, o)
		if err == nil {
			err = c.Static.check()
		}
		if err != nil {
			return nil, fmt.Errorf("Config.Root: %w", err)
		}
		return tree, nil
	}}
}

func (d *static) open(a *App) (err error) {
	if d.openTree == nil {
		return nil // a mistake that has been noted
	}
	d.tree, err = d.openTree(d.config.options(a))
	return err
}

// send answers with a file, or the listing of a directory. It reports whether there is an answer.
func (d *static) send(c *Context) (done bool, err error) {
	if !c.Response.accepts() {
		return true, nil // the middleware has answered
	}
	path, current := d.path(c)
	file, err := d.openFile(path, acceptEncoding(c))
	switch {
	case err == nil:
		if current { // still, now that it is open?
			_, current = d.path(c)
		}
		c.Response.sendFile(file, d.cacheControl(file.Name(), current))
		return true, nil
	case errors.Is(err, files.ErrNoSlash):
		return true, c.Response.Redirect(c.withSlash(), message.StatusMovedPermanently)
	case !errors.Is(err, fs.ErrNotExist):
		return true, err
	}
	entries, err := d.tree.List(path)
	switch {
	case err == nil:
		return true, d.sendListing(c, entries)
	case !errors.Is(err, fs.ErrNotExist):
		return true, err
	}
	return d.sendFallback(c)
}

// acceptEncoding returns the codings in which the client takes a file: none if it is too late to tell it which one it gets.
func acceptEncoding(c *Context) string {
	if c.Response.headerSent {
		return ""
	}
	return c.Request.Header.Get("Accept-Encoding")
}

// sendFallback answers with the Fallback, if the request is for one. It reports whether there is an answer.
func (d *static) sendFallback(c *Context) (done bool, err error) {
	if !d.config.fallsBack(c.Request.Path()) {
		return false, nil
	}
	addVary(&c.Response.Header, "Accept")
	if message.PreferType(c.Request.Header.Get("Accept"), typeJSON, "text/html") != "text/html" {
		return false, nil
	}
	file, err := d.tree.Open("/"+d.config.Fallback, acceptEncoding(c))
	if err != nil {
		return !errors.Is(err, fs.ErrNotExist), err
	}
	c.Response.sendFile(file, d.cacheControl(file.Name(), false))
	return true, nil
}

// path returns the path below the prefix of the file that the request means, "" for the prefix itself, and whether the request
// has it by the URL of what it is now. An escaped slash is no slash, and no name has one.
func (d *static) path(c *Context) (path string, current bool) {
	if raw := c.Request.head.TransientPath(); strings.Contains(raw, "%2F") || strings.Contains(raw, "%2f") {
		return "//", false
	}
	path = c.Request.Path()[len(d.prefix):]
	if d.resolve == nil || path == "" {
		return path, false
	}
	name, current := d.resolve(path[1:])
	return "/" + name, current
}

// openFile opens the file with this path below the prefix.
func (d *static) openFile(path, acceptEncoding string) (*files.File, error) {
	if path != "" {
		return d.tree.Open(path, acceptEncoding)
	}
	file, err := d.tree.Open("/", "")
	if err == nil {
		file.Close()
		return nil, files.ErrNoSlash
	}
	if _, unlisted := d.tree.List("/"); unlisted == nil {
		return nil, files.ErrNoSlash
	}
	return nil, err
}

// cacheControl returns the Cache-Control field for a file, "" for none.
func (d *static) cacheControl(name string, current bool) string {
	switch {
	case d.resolve == nil:
		return d.config.cacheControl(name)
	case current:
		return "public, max-age=31536000, immutable" // a year (RFC 8246)
	}
	return "no-cache"
}

// sendListing answers with what is in the directory, as the client likes it best.
func (d *static) sendListing(c *Context, entries []files.Entry) error {
	r := c.Response
	page := listing.Directory{
		Path:    c.Request.Path(),
		Root:    d.prefix + "/",
		Order:   listing.ParseOrder(c.Request.Args.Get("sort"), c.Request.Args.Get("order")),
		Entries: make([]listing.Entry, len(entries)),
	}
	for i, e := range entries {
		page.Entries[i] = listing.Entry{Name: e.Name, IsDir: e.IsDirectory, Size: e.Size, ModTime: e.ModTime}
	}
	write := listing.Page
	addVary(&r.Header, "Accept")
	if message.PreferType(c.Request.Header.Get("Accept"), "text/html", typeJSON) == typeJSON {
		write, r.MIMEType = listing.JSON, typeJSON
	} else {
		r.Header.Set("Content-Security-Policy", listing.Policy)
	}
	var text bytes.Buffer
	if err := write(&text, page); err != nil {
		return err
	}
	r.content, r.decided = content{octets: text.Bytes()}, true
	return nil
}

// withSlash returns the request's target with a slash behind the path. The path begins with one slash, for a second one
// would have been an empty name; so the location is on the same host.
func (c *Context) withSlash() string {
	location := message.EncodePath(c.Request.Path()) + "/"
	if query := c.Request.head.Query(); query != "" {
		location += "?" + query
	}
	return location
}

// has reports whether there is a file, or a directory to show, at the request's path.
func (d *static) has(c *Context) bool {
	path, _ := d.path(c)
	file, err := d.openFile(path, "")
	if err == nil {
		file.Close()
		return true
	}
	if errors.Is(err, files.ErrNoSlash) {
		return true
	}
	_, err = d.tree.List(path)
	return err == nil
}
