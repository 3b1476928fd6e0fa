package microroute

import (
	"cmp"
	"slices"
	"strings"

	"github.com/microroute/microroute/message"
	"github.com/microroute/microroute/router"
)

// site is what answers below a prefix where no rule matches: with files, if it has any.
type site struct {
	prefix  string // "" or without a slash behind it
	group   *Routes
	files   directory // nil if there are none
	handler Handler   // answer, in the middleware of the group
}

// directory is the files of a site. That it is an interface keeps all that serves files out of programs which have none: the
// linker sees what becomes one.
type directory interface {
	// open makes it ready, with the settings of the App.
	open(a *App) error
	// send answers a GET or HEAD, and reports whether there is an answer.
	send(c *Context) (done bool, err error)
	// has reports whether there is something to see at the request's path.
	has(c *Context) bool
}

// addSite adds a site, on behalf of the method of this name that the program has called.
func (a *App) addSite(method string, s *site) {
	prefix := cmp.Or(s.prefix, "/")
	rule, err := router.Parse(prefix)
	switch {
	case err != nil:
		a.mistakes.add(2, "%s(%q): %v", method, prefix, err)
	case len(rule.Variables()) > 0:
		a.mistakes.add(2, "%s(%q): the prefix of files has no variables", method, prefix)
	case slices.ContainsFunc(a.sites, func(other *site) bool { return other.prefix == s.prefix }):
		a.mistakes.add(2, "%s(%q): there are files with this prefix already", method, prefix)
	}
	longer := 0
	for longer < len(a.sites) && len(a.sites[longer].prefix) >= len(s.prefix) {
		longer++
	}
	a.sites = slices.Insert(a.sites, longer, s)
}

// openSites opens the files of all sites. The last site is that of Config.Root: it answers what no prefix has.
func (a *App) openSites() {
	root := &site{group: a.Routes, files: a.root}
	if root.files != nil && len(a.sites) > 0 && a.sites[len(a.sites)-1].prefix == "" {
		a.mistakes.list = append(a.mistakes.list, `Config.Root: there are files with the prefix "/" already`)
	}
	a.sites = append(a.sites, root)
	for _, s := range a.sites {
		if s.files != nil {
			if err := s.files.open(a); err != nil {
				a.mistakes.list = append(a.mistakes.list, err.Error())
			}
		}
		s.handler = s.group.wrap(s.answer)
	}
}

// site returns what answers for the path of a request that no rule matches.
func (c *Context) site() *site {
	last := len(c.app.sites) - 1
	for _, s := range c.app.sites[:last] {
		if rest, ok := strings.CutPrefix(c.Request.head.Path(), s.prefix); ok && (rest == "" || rest[0] == '/') {
			return s
		}
	}
	return c.app.sites[last]
}

// answer answers a request whose method and path no rule matches: with a file, or else with what is wrong (RFC 9110 section
// 15.5.5 and 15.5.6), or what would be right.
func (s *site) answer(c *Context) error {
	head := c.Request.head
	if s.files != nil && (head.Method == message.MethodGet || head.Method == message.MethodHead) {
		if done, err := s.files.send(c); done {
			return err
		}
	}
	allowed := s.allowed(c)
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

// allowed returns the methods that the path of the request has, sorted, none if there is nothing at that path.
func (s *site) allowed(c *Context) []string {
	methods := c.app.router.Methods(c.Request.head.TransientPath(), &c.match)
	if c.Request.head.RawPath() == "*" { // the server as a whole (RFC 9110 section 9.3.7)
		for method := range c.app.methods {
			methods = append(methods, method)
		}
		methods = append(methods, message.MethodGet)
	}
	isFile := s.files != nil && s.files.has(c)
	if len(methods) == 0 && !isFile {
		return nil
	}
	if isFile || slices.Contains(methods, message.MethodGet) {
		methods = append(methods, message.MethodGet, message.MethodHead)
	}
	methods = append(methods, message.MethodOptions)
	return sortedSet(methods)
}

// sortedSet sorts a short list, and drops what it has twice. slices.Sort would be 12 KB of every program.
func sortedSet(list []string) []string {
	for i := range list {
		for j := i; j > 0 && list[j] < list[j-1]; j-- {
			list[j], list[j-1] = list[j-1], list[j]
		}
	}
	return slices.Compact(list)
}
