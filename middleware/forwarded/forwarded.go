// Package forwarded tells an App what its clients have asked for when they ask through proxies that speak HTTP, such as
// nginx, Caddy or a load balancer: the client's address, the scheme and the host. Such proxies tell it in fields of the
// request, Forwarded (RFC 7239) or X-Forwarded-For and the like. Anybody can send these, so they are believed only if they
// come from a proxy, and no more of them is read than is configured: what a proxy does not set it mostly passes on as the
// client has sent it. Proxies that pass on connections rather than requests are the subject of package proxyprotocol.
//
//	app.Before(forwarded.New(forwarded.Config{
//		Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/24")},
//		Client:  "X-Forwarded-For",
//		Scheme:  "X-Forwarded-Proto",
//	}))
//
// From then on Request.RemoteAddr is the client's address, and Request.Scheme and Request.Host are what the client has used.
// The fields themselves stay as they came; handlers do without them.
//
// # Who the client is
//
// Each proxy adds the address from which it got the request at the end of the list. So what stands last comes from the proxy
// that has connected to the server, what stands before from further away, and the first from whoever liked to send it. The
// list is read from its end: as long as an address is that of a proxy, what that one has added is believed, too, and the
// first that is not is the client's. With 10.0.0.0/24 and
//
//	X-Forwarded-For: 127.0.0.1, 203.0.113.7, 10.0.0.2
//
// from 10.0.0.1 the client is 203.0.113.7, whatever it says of 127.0.0.1. If all are proxies it is the first. If the one that
// matters is not an address ("unknown", a name such as "_gateway", something malformed), or if there is no list, then nothing
// further is believed and RemoteAddr becomes the zero AddrPort. It must not stay the proxy's, which may be let in where clients
// are not, and some proxies have let clients take fields away, with "Connection: X-Forwarded-For".
package forwarded

import (
	"net/netip"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/internal/ascii"
	"github.com/microroute/microroute/internal/prefixes"
)

// Config says who the proxies are, and what they set. At least one of Client, Scheme and Host must be named, as must the
// proxies: there is no default, for every field is one that some proxies set and others pass on.
type Config struct {
	// Proxies are the addresses of the proxies, of those before others as well.
	Proxies []netip.Prefix
	// Unix says that who connects over a unix socket is a proxy.
	Unix bool
	// Hops is, in place of the above, how many proxies a request passes, where their addresses are not known: 1 takes the
	// last of the list for the client, 2 the one before. It is for servers that can be reached in no other way; on a shorter
	// one, clients could name any address.
	Hops int

	// Client is the field that names the client's address: "Forwarded", "X-Forwarded-For", or one with a single address,
	// such as "X-Real-IP". "" leaves RemoteAddr the proxy's.
	Client string
	// Scheme is the field that names the scheme, "Forwarded" or one such as "X-Forwarded-Proto". "" leaves that of the
	// connection, which also stands if the field has neither http nor https.
	Scheme string
	// Host is the field that names the host, "Forwarded" or one such as "X-Forwarded-Host". "" leaves that of the request,
	// which also stands if the field has none that is valid. Many proxies do not touch X-Forwarded-Host; then clients set it.
	Host string
}

const (
	// standard is the field of RFC 7239: what each proxy tells is together in one member of its list.
	standard = "Forwarded"

	// maxHops is how many members of a list are looked at, from its end. It is more than there are proxies on any way.
	maxHops = 16
)

// New returns a hook for App.Before, where it goes before all hooks that want to know the client. An App that answers for a
// Host of another needs its own. New panics if config is not complete, or not safe.
func New(config Config) func(c *microroute.Context) error {
	addresses, err := prefixes.New(config.Proxies)
	if err != nil {
		panic("forwarded: Config.Proxies: " + err.Error())
	}
	if fault := config.fault(addresses); fault != "" {
		panic("forwarded: " + fault)
	}
	for _, name := range []*string{&config.Client, &config.Scheme, &config.Host} {
		if ascii.EqualFold(*name, standard) {
			*name = standard
		}
	}
	r := &reader{config, addresses}
	return r.read
}

// fault says what is wrong with c, "" if nothing is. The addresses are those of c.Proxies.
func (c *Config) fault(addresses prefixes.Set) string {
	byAddress := len(c.Proxies) > 0 || c.Unix
	switch {
	case !byAddress && c.Hops == 0:
		return "Config names no proxies: set Proxies, Unix or Hops"
	case byAddress && c.Hops != 0:
		return "Config has Hops in place of Proxies and Unix, not beside them"
	case c.Hops < 0 || c.Hops > maxHops:
		return "Config.Hops is not between 1 and 16"
	case c.Client == "" && c.Scheme == "" && c.Host == "":
		return "Config names no field: set Client, Scheme or Host to what the proxy sets"
	}
	for _, p := range addresses {
		if p.Bits() == 0 {
			return "Config.Proxies has " + p.String() + ", so clients would be believed, too: use Hops"
		}
	}
	for _, name := range []string{c.Client, c.Scheme, c.Host} {
		if name != "" && !ascii.IsToken(name) {
			return "Config: " + name + " is no name of a field"
		}
	}
	return ""
}

// reader reads what proxies tell.
type reader struct {
	Config
	addresses prefixes.Set
}

// read is the hook.
func (r *reader) read(c *microroute.Context) error {
	request := c.Request
	if !r.isProxy(request.RemoteAddr.Addr(), 0) {
		return nil
	}
	var e element
	if r.Client == standard || r.Scheme == standard || r.Host == standard {
		e = r.fromClient(request.Header, standard)
	}
	scheme, host := told(request.Header, r.Scheme, e.scheme), told(request.Header, r.Host, e.host)
	request.SetOrigin(knownScheme(scheme), validHost(host))
	switch r.Client {
	case "":
	case standard:
		request.RemoteAddr = e.address
	default:
		request.RemoteAddr = r.fromClient(request.Header, r.Client).address
	}
	return nil
}

// told returns what a field tells: the last member of its list, which is the nearest proxy's, or what has been found in
// Forwarded. Proxies do not add to other lists as regularly as to that of addresses, so one further from the end may be
// anybody's.
func told(h *microroute.Header, field, inForwarded string) string {
	switch field {
	case "":
		return ""
	case standard:
		return inForwarded
	}
	l := membersOf(h, field)
	return l.fromEnd(0)
}

// fromClient returns what the proxy has told that got the request from the client, in the list of a field; the zero element
// if there is none.
func (r *reader) fromClient(h *microroute.Header, field string) (e element) {
	l := membersOf(h, field)
	for i := range l.len() {
		e = element{node: l.fromEnd(i)}
		if field == standard {
			e = parseElement(l.fromEnd(i))
		}
		var ok bool
		if e.address, ok = parseNode(e.node); !ok || !r.isProxy(e.address.Addr(), i+1) {
			break
		}
	}
	return e
}

// isProxy reports whether an address is that of a proxy: for hop 0 of the one that has connected, from 1 on of those in a
// list, from its end.
func (r *reader) isProxy(a netip.Addr, hop int) bool {
	if r.Hops > 0 {
		return hop < r.Hops
	}
	return r.addresses.Contains(a) || r.Unix && hop == 0 && !a.IsValid()
}
