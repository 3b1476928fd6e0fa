// Package cookie writes Set-Cookie fields and reads Cookie fields (RFC 6265, with SameSite, the name prefixes and the
// stricter rules of its successor, draft-ietf-httpbis-rfc6265bis, and Partitioned). Which fields there are in a
// message, and what a value means, is left to the caller; values that nobody may read or forge are the business of
// sessions.
//
//	field, err := cookie.Cookie{Name: "theme", Value: "dark", Path: "/", MaxAge: 30 * 24 * time.Hour}.Encode()
//	header.Add("Set-Cookie", field)
//
//	theme, ok := cookie.Find(header.Get("Cookie"), "theme")
package cookie

import (
	"strconv"
	"strings"
	"time"

	"github.com/microroute/microroute/message"
)

// Cookie is what a Set-Cookie field says. The zero value of every field but Name leaves its attribute out.
type Cookie struct {
	Name  string // a token; __Secure- and __Host- in front make browsers insist on what Append checks
	Value string // visible ASCII without quotes, commas, semicolons and backslashes, or such text in quotes

	Path   string // starts with a slash; "" is the directory of the request's path
	Domain string // a host name, whose subdomains are included; "" is the responding host alone

	// MaxAge is how long the cookie lives, in whole seconds: fractions are cut off. Zero is until the browser ends, or
	// until Expires; a negative one deletes the cookie.
	MaxAge  time.Duration
	Expires time.Time // for clients that know no Max-Age, which wins over it; whole seconds, the years 1601 to 9999

	Secure      bool // only over TLS
	HttpOnly    bool // not for scripts
	Partitioned bool // another one for each site that embeds this one; needs Secure
	SameSite    SameSite
}

// SameSite says which requests from other sites carry a cookie.
type SameSite uint8

const (
	SameSiteDefault SameSite = iota // not sent: the browser decides, most of them as for Lax
	SameSiteLax                     // navigation to this site with GET
	SameSiteStrict                  // none
	SameSiteNone                    // all; needs Secure
)

// Append appends c as the value of a Set-Cookie field (RFC 6265 section 4.1). If c breaks a rule it returns b as it was
// and an *Error.
func (c Cookie) Append(b []byte) ([]byte, error) {
	if err := c.check(); err != nil {
		return b, &Error{c.Name, err}
	}
	b = append(b, c.Name...)
	b = append(b, '=')
	b = append(b, c.Value...)
	if c.Path != "" {
		b = append(b, "; Path="...)
		b = append(b, c.Path...)
	}
	if c.Domain != "" {
		b = append(b, "; Domain="...)
		b = append(b, strings.TrimPrefix(c.Domain, ".")...) // a dot in front means nothing (RFC 6265 section 4.1.2.3)
	}
	if !c.Expires.IsZero() {
		b = append(b, "; Expires="...)
		b = message.AppendDate(b, c.Expires)
	}
	if c.MaxAge != 0 {
		b = append(b, "; Max-Age="...)
		b = strconv.AppendInt(b, int64(max(c.MaxAge, 0)/time.Second), 10)
	}
	if c.Secure {
		b = append(b, "; Secure"...)
	}
	if c.HttpOnly {
		b = append(b, "; HttpOnly"...)
	}
	switch c.SameSite {
	case SameSiteLax:
		b = append(b, "; SameSite=Lax"...)
	case SameSiteStrict:
		b = append(b, "; SameSite=Strict"...)
	case SameSiteNone:
		b = append(b, "; SameSite=None"...)
	}
	if c.Partitioned {
		b = append(b, "; Partitioned"...)
	}
	return b, nil
}

// Encode is Append for a string; it is "" if there is an error.
func (c Cookie) Encode() (string, error) {
	var short [128]byte
	b, err := c.Append(short[:0])
	return string(b), err
}
