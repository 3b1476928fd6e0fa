package microroute

import (
	"strings"

	"github.com/microroute/microroute/message"
)

// virtualHost is an App that answers for some hosts of another.
type virtualHost struct {
	pattern string // "api.example.com", or ".example.com" for all that end so
	app     *App
}

// Host has requests for a host answered by another App, with that one's routes, hooks, pages and files: "api.example.com",
// or "*.example.com" for every name below that one; a name goes before a pattern, and a longer pattern before a shorter one.
// Case, the port and a dot at the end do not matter; it is the request's own host that counts, whatever a proxy says. What is
// for no such host, a answers. The other App need not be started: it is served by a's Servers, under a's Limits for
// connections and heads.
func (a *App) Host(pattern string, other *App) {
	a.mustNotRun("Host")
	host := virtualHost{strings.TrimPrefix(hostName(pattern), "*"), other}
	switch {
	case other == nil || other == a || other.host != nil || len(other.hosts) > 0:
		a.mistakes.add(1, "Host(%q): the App must be another one that is nobody's host and has none", pattern)
	case host.pattern == "" || host.pattern == "." || strings.ContainsAny(host.pattern, "*/ ") || strings.Contains(pattern, ":"):
		a.mistakes.add(1, "Host(%q): a host is a name or *. and a name", pattern)
	case a.hostOf(host.pattern) != nil && a.hostOf(host.pattern).pattern == host.pattern:
		a.mistakes.add(1, "Host(%q): there is one already", pattern)
	default:
		other.host = a
		a.hosts = append(a.hosts, host)
	}
}

// appFor returns the App that the request's host belongs to.
func (a *App) appFor(x Exchange) *App {
	if host := a.hostOf(hostName(x.Head().Host())); host != nil {
		return host.app
	}
	return a
}

// hostOf returns the virtualHost that fits a name best, nil if none does.
func (a *App) hostOf(name string) (best *virtualHost) {
	for i := range a.hosts {
		host := &a.hosts[i]
		if name == host.pattern {
			return host
		}
		if host.pattern[0] == '.' && len(name) > len(host.pattern) && strings.HasSuffix(name, host.pattern) &&
			(best == nil || len(host.pattern) > len(best.pattern)) {
			best = host
		}
	}
	return best
}

// hostName returns what hosts are told apart by.
func hostName(host string) string { return strings.ToLower(message.Hostname(host)) }

// all yields a and the Apps that answer for some of its hosts.
func (a *App) all(yield func(*App) bool) {
	if !yield(a) {
		return
	}
	for i := range a.hosts {
		if !yield(a.hosts[i].app) {
			return
		}
	}
}
