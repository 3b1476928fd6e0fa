package http3

import (
	"fmt"
	"time"

	"github.com/microroute/microroute"
)

// proto is Request.Proto of what has come over HTTP/3.
const proto = "HTTP/3.0"

// Advertise returns a hook for App.Before that tells clients, in what is answered over TLS by another version of HTTP, that
// they may use HTTP/3 on a port of UDP of the same host (Alt-Svc, RFC 7838 section 3 and RFC 9114 section 3.1.1). They may for
// maxAge from then on; with 0 they are told to forget what they know (section 3.1). A handler may set the field to something
// else, or delete it.
//
//	app.Before(http3.Advertise(443, 24*time.Hour))
func Advertise(port int, maxAge time.Duration) func(c *microroute.Context) error {
	value := "clear"
	if maxAge > 0 {
		value = fmt.Sprintf(`h3=":%d"; ma=%d`, port, maxAge/time.Second)
	}
	return func(c *microroute.Context) error {
		if c.Request.TLS() != nil && c.Request.Proto != proto {
			c.Response.Header.Set("Alt-Svc", value)
		}
		return nil
	}
}
