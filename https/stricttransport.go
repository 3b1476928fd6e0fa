package https

import (
	"strconv"
	"time"

	"github.com/microroute/microroute"
)

// StrictTransport returns a hook for App.Before that has browsers come over TLS only, for maxAge from then on
// (Strict-Transport-Security, RFC 6797); 0 takes that back. Directives are "includeSubDomains", and "preload" for the list
// that browsers have built in. Answers that do not go over TLS are left as they are (section 7.2).
//
//	app.Before(https.StrictTransport(365 * 24 * time.Hour))
func StrictTransport(maxAge time.Duration, directives ...string) func(c *microroute.Context) error {
	value := "max-age=" + strconv.FormatInt(int64(maxAge/time.Second), 10)
	for _, directive := range directives {
		value += "; " + directive
	}
	return func(c *microroute.Context) error {
		if c.Request.Scheme() == "https" {
			c.Response.Header.Set("Strict-Transport-Security", value)
		}
		return nil
	}
}
