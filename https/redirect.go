package https

import (
	"strconv"
	"strings"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/message"
)

// Redirect returns a hook for App.Before that sends requests which have not come over TLS to the same host and target on a
// port of TLS, for good: with status 301 (Moved Permanently), and 308 (Permanent Redirect) for methods other than GET and
// HEAD, so that those stay what they are. A request without a host gets 400.
//
//	app.Before(https.Redirect(443))
func Redirect(port int) func(c *microroute.Context) error {
	suffix := ""
	if port != 443 {
		suffix = ":" + strconv.Itoa(port)
	}
	return func(c *microroute.Context) error {
		r := c.Request
		if r.Scheme() == "https" {
			return nil
		}
		host := message.Hostname(r.Host())
		if host == "" {
			return &microroute.Error{Status: message.StatusBadRequest, Detail: "This server speaks HTTPS; the request does not say which host it is for."}
		}
		if strings.Contains(host, ":") {
			host = "[" + host + "]"
		}
		status := message.StatusPermanentRedirect
		if r.Method == message.MethodGet || r.Method == message.MethodHead {
			status = message.StatusMovedPermanently
		}
		return c.Response.Redirect("https://"+host+suffix+originForm(r.Target()), status)
	}
}

// originForm returns the path and the query of a target in origin-form or absolute-form (RFC 9112 section 3.2); "" for others.
func originForm(target string) string {
	if _, rest, ok := strings.Cut(target, "://"); ok && target[0] != '/' {
		target = rest[strings.IndexAny(rest+"/", "/?"):]
	}
	if !strings.HasPrefix(target, "/") && !strings.HasPrefix(target, "?") {
		return ""
	}
	return target
}
