package cookie

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/microroute/microroute/internal/ascii"
)

// Error says which cookie breaks a rule. Err is one of the variables below.
type Error struct {
	Name string // of the cookie
	Err  error
}

func (e *Error) Error() string { return "cookie: " + strconv.Quote(e.Name) + ": " + e.Err.Error() }

func (e *Error) Unwrap() error { return e.Err }

// What can be wrong with a Cookie, and what to do.
var (
	ErrName     = errors.New("the name is no token: use letters, digits, '-' and '_'")
	ErrValue    = errors.New("a character of the value is no cookie-octet: encode it, as url.QueryEscape does")
	ErrSize     = errors.New("browsers drop a name and value of more than 4096 bytes: keep the data in a session")
	ErrPath     = errors.New("the path must start with '/' and be ASCII without controls and ';': escape them")
	ErrDomain   = errors.New("the domain is no host name: give it in ASCII, without scheme, port and path")
	ErrMaxAge   = errors.New("MaxAge is less than a second: give it a unit, as in 3600*time.Second")
	ErrExpires  = errors.New("browsers ignore dates outside of the years 1601 to 9999: use MaxAge")
	ErrSameSite = errors.New("SameSite is none of the constants: use SameSiteLax, SameSiteStrict or SameSiteNone")
	ErrInsecure = errors.New("browsers drop SameSite=None and Partitioned without Secure: set Secure")
	ErrPrefix   = errors.New(`the name's prefix asks for more: set Secure and, for __Host-, Path "/" and no Domain`)
)

// maxSize is how many bytes a name and its value may have together before browsers drop the cookie (RFC 6265bis section
// 5.6).
const maxSize = 4096

// check returns the first rule that c breaks.
func (c *Cookie) check() error {
	switch {
	case !ascii.IsToken(c.Name):
		return ErrName
	case !isValue(c.Value):
		return ErrValue
	case len(c.Name)+len(c.Value) > maxSize:
		return ErrSize
	case c.Path != "" && !isPath(c.Path):
		return ErrPath
	case c.Domain != "" && !isDomain(c.Domain):
		return ErrDomain
	case c.MaxAge > 0 && c.MaxAge < time.Second:
		return ErrMaxAge
	case !c.Expires.IsZero() && !isExpiry(c.Expires):
		return ErrExpires
	case c.SameSite > SameSiteNone:
		return ErrSameSite
	case !c.Secure && (c.SameSite == SameSiteNone || c.Partitioned):
		return ErrInsecure
	case !c.keepsPrefix():
		return ErrPrefix
	}
	return nil
}

// isValue reports whether s is cookie-octets, perhaps in quotes (RFC 6265 section 4.1.1).
func isValue(s string) bool {
	if len(s) >= 2 && s[0] == '"' && s[len(s)-1] == '"' {
		s = s[1 : len(s)-1]
	}
	return ascii.TargetLen(s) == len(s) && !strings.ContainsAny(s, `",;\`)
}

// isPath reports whether s is a path-value that browsers do not ignore (RFC 6265 sections 4.1.1 and 5.2.4).
func isPath(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == ';' {
			return false
		}
	}
	return s[0] == '/'
}

// isDomain reports whether s is labels of letters, digits, hyphens and, since such hosts exist, underscores. A dot in
// front is as good as none.
func isDomain(s string) bool {
	for label := range strings.SplitSeq(strings.TrimPrefix(s, "."), ".") {
		if label == "" {
			return false
		}
		for i := range len(label) {
			c := ascii.Lower(label[i])
			if (c < 'a' || c > 'z') && !ascii.IsDigit(c) && c != '-' && c != '_' {
				return false
			}
		}
	}
	return true
}

// isExpiry reports whether browsers read t (RFC 6265 section 5.1.1).
func isExpiry(t time.Time) bool {
	year := t.UTC().Year()
	return 1601 <= year && year <= 9999
}

// keepsPrefix reports whether c has what a prefix of its name promises. Browsers do not mind the prefix's case (RFC
// 6265bis section 4.1.3).
func (c *Cookie) keepsPrefix() bool {
	switch {
	case hasPrefixFold(c.Name, "__Host-"):
		return c.Secure && c.Path == "/" && c.Domain == ""
	case hasPrefixFold(c.Name, "__Secure-"):
		return c.Secure
	}
	return true
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && ascii.EqualFold(s[:len(prefix)], prefix)
}
