package message

import (
	"strings"
	"unsafe"
)

// Request is the head of a request: method, target, version, fields, and how long its content is (RFC 9110 section 6).
// Parsers fill it with Reset, SetTarget and AddField, or with SetParsed from a request that somebody else parsed.
type Request struct {
	Method        string // a token; the registered ones are interned
	Proto         string // "HTTP/1.1", "HTTP/1.0", "HTTP/2.0" …
	Header        Header
	Args          Args  // the parameters of the query, parsed when first asked for
	ContentLength int64 // octets of content; -1 if it is not known before its end

	head      head
	target    span
	authority span
	path      span
	query     span
}

// span is a part of a head.
type span struct{ start, end uint32 }

// head is the octets of a message's head in a buffer that is reused, and its copy as a string, made when needed.
type head struct {
	raw  []byte
	text string
}

func (h *head) string(s span) string {
	if s.start == s.end {
		return ""
	}
	if h.text == "" {
		h.text = string(h.raw)
	}
	return h.text[s.start:s.end]
}

// Reset makes r an empty request whose strings are cut from raw. The octets must stay as they are until the next Reset;
// the strings that r gave away need them no longer.
func (r *Request) Reset(raw []byte) {
	r.Method, r.Proto, r.ContentLength = "", "", 0
	r.head = head{raw: raw}
	r.target, r.authority, r.path, r.query = span{}, span{}, span{}, span{}
	r.Header.Clear()
	r.Args.of(r)
}

// SetHead says which octets the offsets given to SetTarget and AddField count in, as Reset does, and changes nothing else.
func (r *Request) SetHead(raw []byte) { r.head = head{raw: raw} }

// CopyFrom makes r a copy of o that shares nothing that changes with it, and needs no octets of a buffer.
func (r *Request) CopyFrom(o *Request) {
	if o.head.text == "" {
		o.head.text = string(o.head.raw)
	}
	*r = Request{
		Method: o.Method, Proto: o.Proto, Header: o.Header.Clone(), ContentLength: o.ContentLength,
		head: head{text: o.head.text}, target: o.target, authority: o.authority, path: o.path, query: o.query,
	}
	r.Args.of(r)
}

// Target describes where the parts of a request-target are in the head: byte offsets, the query without its '?'.
// Parts that are absent have equal offsets.
type Target struct {
	Start, End                   int
	AuthorityStart, AuthorityEnd int
	PathStart, PathEnd           int
	QueryStart, QueryEnd         int
}

// SetTarget says where in the head the target and its parts are.
func (r *Request) SetTarget(t Target) {
	r.target = span{uint32(t.Start), uint32(t.End)}
	r.authority = span{uint32(t.AuthorityStart), uint32(t.AuthorityEnd)}
	r.path = span{uint32(t.PathStart), uint32(t.PathEnd)}
	r.query = span{uint32(t.QueryStart), uint32(t.QueryEnd)}
}

// AddField says where in the head a field's name and value are, as byte offsets.
func (r *Request) AddField(nameStart, nameEnd, valueStart, valueEnd int) {
	h := &r.Header
	h.head = &r.head
	h.cut = append(h.cut, cutField{
		span{uint32(nameStart), uint32(nameEnd)},
		span{uint32(valueStart), uint32(valueEnd)},
	})
}

// SetParsed makes r a request that was parsed elsewhere, with no fields yet. The target is in origin-form, or "*", or an
// authority for CONNECT; host is the authority that the request is for.
func (r *Request) SetParsed(method, target, proto, host string) {
	r.Reset(nil)
	r.Method, r.Proto = method, proto
	r.head.text = target + host
	end := uint32(len(target))
	r.target, r.authority = span{0, end}, span{end, end + uint32(len(host))}
	if method == MethodConnect {
		return
	}
	r.path, r.query = span{0, end}, span{end, end}
	if i := strings.IndexByte(target, '?'); i >= 0 {
		r.path.end, r.query.start = uint32(i), uint32(i+1)
	}
}

// Target returns the request-target as it was sent (RFC 9112 section 3.2).
func (r *Request) Target() string { return r.head.string(r.target) }

// RawPath returns the path of the target as it was sent, percent-encoded: "*" for the asterisk-form, "" for the
// authority-form, "/" if an absolute-form target has none.
func (r *Request) RawPath() string {
	if r.path.start == r.path.end && r.Method != MethodConnect {
		return "/"
	}
	return r.head.string(r.path)
}

// TransientPath is RawPath without the copy of the head: a string over octets that are reused once the request has been
// answered. It is for looking a rule up; nothing of it may be kept (see CutPath).
func (r *Request) TransientPath() string {
	if r.head.raw == nil || r.path.start == r.path.end {
		return r.RawPath()
	}
	return unsafe.String(&r.head.raw[r.path.start], int(r.path.end-r.path.start))
}

// CutPath returns a part of RawPath; start and end are offsets in it.
func (r *Request) CutPath(start, end int) string {
	return r.head.string(span{r.path.start + uint32(start), r.path.start + uint32(end)})
}

// Path returns the decoded path. It allocates only if the path has escapes.
func (r *Request) Path() string { return DecodePath(r.RawPath()) }

// Query returns the query of the target as it was sent, without its '?'.
func (r *Request) Query() string { return r.head.string(r.query) }

// Host returns the host and, if given, the port that the request is for: the authority of an absolute-form target, else
// the Host field (RFC 9110 section 7.2). It is "" if an HTTP/1.0 client sent none.
func (r *Request) Host() string {
	if r.authority.start != r.authority.end {
		return r.head.string(r.authority)
	}
	return r.Header.Get("Host")
}

// AtLeast11 reports whether the sender speaks HTTP/1.1 or newer.
func (r *Request) AtLeast11() bool { return r.Proto != "HTTP/1.0" }
