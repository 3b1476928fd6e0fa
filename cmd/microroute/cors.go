package main

import (
	"fmt"
	"net/url"

	"github.com/alecthomas/kong"
	"github.com/microroute/microroute"
	"github.com/microroute/microroute/message"
)

// origin is whose pages may read the answers by script (WHATWG Fetch, section 3.3, CORS protocol): "*" for everybody's, ""
// for nobody's but our own. As a flag without a value it is "*".
type origin string

// IsBool tells package kong that the flag needs no value.
func (origin) IsBool() bool { return true }

// Decode reads the value of the flag.
func (o *origin) Decode(ctx *kong.DecodeContext) error {
	*o = "*"
	if ctx.Scan.Peek().Type != kong.FlagValueToken {
		return nil
	}
	value := ctx.Scan.Pop().String()
	if value != "*" {
		u, err := url.Parse(value)
		if err != nil || u.Scheme == "" || u.Host == "" || u.Scheme+"://"+u.Host != value {
			return fmt.Errorf("%q is no origin: it is like https://tea.example, or * for all", value)
		}
	}
	*o = origin(value)
	return nil
}

// preflightAge is for how many seconds browsers may remember what they may ask for.
const preflightAge = "600"

// middleware tells browsers whose pages may read the answer, errors included, and answers what they ask before they send a
// request. That question comes without a password, so it is answered without one.
func (o origin) middleware(next microroute.Handler) microroute.Handler {
	return func(c *microroute.Context) error {
		asked, answer := c.Request.Header, &c.Response.Header
		answer.Set("Access-Control-Allow-Origin", string(o))
		if o != "*" { // a password may be sent along
			answer.Set("Access-Control-Allow-Credentials", "true")
		}
		if c.Request.Method == message.MethodOptions && asked.Has("Origin") && asked.Has("Access-Control-Request-Method") {
			answer.Set("Access-Control-Allow-Methods", "GET, HEAD")
			if fields := asked.Get("Access-Control-Request-Headers"); fields != "" {
				answer.Set("Access-Control-Allow-Headers", fields)
			}
			answer.Set("Access-Control-Max-Age", preflightAge)
			answer.Set("Vary", "Access-Control-Request-Headers")
			c.Response.Status = message.StatusNoContent
			return nil
		}
		answer.Set("Access-Control-Expose-Headers", "Accept-Ranges, Content-Disposition, Content-Encoding, Content-Range, Date, ETag")
		return next(c)
	}
}
