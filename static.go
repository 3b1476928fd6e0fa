package microroute

import (
	"errors"
	"io/fs"
	"slices"
	"strings"

	"github.com/microroute/microroute/internal/files"
	"github.com/microroute/microroute/message"
)

// openRoot opens the static root; nil if there is none.
func openRoot(dir string) (*files.Root, error) {
	if dir == "" {
		return nil, nil
	}
	return files.OpenRoot(dir)
}

// answerUnmatched answers a request whose method and path no rule matches: with a file of the static root, or else with
// what is wrong (RFC 9110 section 15.5.5 and 15.5.6), or what would be right.
func answerUnmatched(c *Context) error {
	head := c.Request.head
	if head.Method == message.MethodGet || head.Method == message.MethodHead {
		if done, err := c.sendStatic(); done {
			return err
		}
	}
	allowed := c.allowed()
	switch {
	case head.Method == message.MethodOptions && len(allowed) > 0:
		c.Response.Header.Set("Allow", strings.Join(allowed, ", "))
		c.Response.Status = message.StatusNoContent
		return nil
	case head.Method == message.MethodConnect || message.KnownMethod(octets(head.Method)) == "" && !c.app.methods.has(head.Method):
		return &Error{Status: message.StatusNotImplemented}
	case len(allowed) > 0:
		c.Response.Header.Set("Allow", strings.Join(allowed, ", "))
		return &Error{Status: message.StatusMethodNotAllowed}
	}
	return &Error{Status: message.StatusNotFound}
}

// sendStatic answers with a file of the static root. It reports whether there is an answer.
func (c *Context) sendStatic() (done bool, err error) {
	if c.app.root == nil {
		return false, nil
	}
	file, err := c.openStatic()
	switch {
	case err == nil:
		c.Response.sendFile(file, file.Name())
		return true, nil
	case errors.Is(err, files.ErrNoSlash):
		return true, c.Response.Redirect(c.withSlash(c.Request.Path()), message.StatusMovedPermanently)
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	}
	return true, err
}

// openStatic opens the file of the static root that the request's path names. An escaped slash is no slash, and no name
// has one.
func (c *Context) openStatic() (*files.File, error) {
	if raw := c.Request.head.RawPath(); strings.Contains(raw, "%2F") || strings.Contains(raw, "%2f") {
		return nil, fs.ErrNotExist
	}
	return c.app.root.Open(c.Request.Path(), c.app.DefaultPages)
}

// withSlash returns the request's target with a slash behind the path. The path begins with one slash, for a second one
// would have been an empty name; so the location is on the same host.
func (c *Context) withSlash(path string) string {
	location := message.EncodePath(path) + "/"
	if query := c.Request.head.Query(); query != "" {
		location += "?" + query
	}
	return location
}

// allowed returns the methods that the path of the request has, sorted, none if there is nothing at that path.
func (c *Context) allowed() []string {
	methods := c.app.router.Methods(c.Request.head.TransientPath(), &c.match)
	if c.Request.head.RawPath() == "*" { // the server as a whole (RFC 9110 section 9.3.7)
		for method := range c.app.methods {
			methods = append(methods, method)
		}
		methods = append(methods, message.MethodGet)
	}
	static := c.staticExists()
	if len(methods) == 0 && !static {
		return nil
	}
	if static || slices.Contains(methods, message.MethodGet) {
		methods = append(methods, message.MethodGet, message.MethodHead)
	}
	methods = append(methods, message.MethodOptions)
	slices.Sort(methods)
	return slices.Compact(methods)
}

// staticExists reports whether there is a file for the request's path.
func (c *Context) staticExists() bool {
	if c.app.root == nil {
		return false
	}
	file, err := c.openStatic()
	if err != nil {
		return errors.Is(err, files.ErrNoSlash)
	}
	file.Close()
	return true
}
