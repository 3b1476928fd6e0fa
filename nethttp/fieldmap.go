package nethttp

import (
	"net/http"
	"slices"
	"strings"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/message"
)

// fieldMap is a Response's header as net/http has it: a map that handlers change as they like. It begins as what the Response has
// when it is first asked for. When the header is settled, the Response is told what is different then; what others have done to
// the Response meanwhile stays.
type fieldMap struct {
	c        *microroute.Context
	names    http.Header
	before   message.Header // what names began with
	told     bool
	trailers []string // that have been announced
}

// header returns the map.
func (f *fieldMap) header() http.Header {
	if f.names == nil {
		f.before = f.c.Response.Header.Clone()
		f.names = make(http.Header, f.before.Len()+4)
		for name, value := range f.before.All() {
			f.names.Add(name, value)
		}
	}
	return f.names
}

// settle tells the Response. What is put into the map later is for nobody but the trailer.
func (f *fieldMap) settle() { f.tell(func(string) bool { return true }) }

// settleLate is settle for a header that is sent without WriteHeader. If that is an error's, it has nothing of the content that
// there was to be.
func (f *fieldMap) settleLate() {
	failed := f.c.Error() != nil
	f.tell(func(name string) bool { return !failed || !describes(name) })
}

// describes reports whether a field is about the content.
func describes(name string) bool {
	switch name {
	case "Etag", "Last-Modified", "Accept-Ranges", "Location", "Trailer":
		return true
	}
	return strings.HasPrefix(name, "Content-")
}

// tell tells the Response of the fields that are wanted, once.
func (f *fieldMap) tell(wanted func(name string) bool) {
	if f.told {
		return
	}
	f.told = true
	h := &f.c.Response.Header
	for name := range f.before.All() {
		if len(f.names[http.CanonicalHeaderKey(name)]) == 0 {
			h.Del(name)
		}
	}
	for _, name := range sortedNames(make([]string, 0, 16), f.names) {
		switch values := f.names[name]; {
		case !wanted(name):
		case name == "Trailer":
			f.announce(values)
		default:
			f.put(h, name, values)
		}
	}
}

// put makes values those of a field: those that it had to begin with stay where they are, if they are still the first.
func (f *fieldMap) put(h *message.Header, name string, values []string) {
	kept := f.kept(name, values)
	if kept < 0 {
		h.Del(name)
		kept = 0
	}
	for _, value := range values[kept:] {
		h.Add(name, value)
	}
}

// kept returns how many values a field had to begin with, -1 if values does not begin with them.
func (f *fieldMap) kept(name string, values []string) (n int) {
	for was, value := range f.before.All() {
		if http.CanonicalHeaderKey(was) != name {
			continue
		}
		if n == len(values) || values[n] != value {
			return -1
		}
		n++
	}
	return n
}

// sortedNames appends the names of the fields of h to names, but for those with http.TrailerPrefix.
func sortedNames(names []string, h http.Header) []string {
	for name := range h {
		if !strings.HasPrefix(name, http.TrailerPrefix) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// added returns the fields that are new: what an interim response is about.
func (f *fieldMap) added() (h message.Header) {
	for _, name := range sortedNames(make([]string, 0, 16), f.names) {
		f.put(&h, name, f.names[name])
	}
	return h
}

// untyped reports whether the handler has said that there is no media type.
func (f *fieldMap) untyped() bool {
	types, said := f.names["Content-Type"]
	return said && len(types) == 0
}

// announce has the Response announce the trailer fields that are named.
func (f *fieldMap) announce(lists []string) {
	for _, list := range lists {
		for name := range strings.SplitSeq(list, ",") {
			if name = http.CanonicalHeaderKey(strings.TrimSpace(name)); isTrailer(name) {
				f.trailers = append(f.trailers, name)
				f.c.Response.Trailer.Set(name, "")
			}
		}
	}
}

// tellTrailer tells the Response of the trailer fields: those that were announced, and those with http.TrailerPrefix.
func (f *fieldMap) tellTrailer() {
	t := &f.c.Response.Trailer
	for _, name := range f.trailers {
		setAll(t, name, f.names[name])
	}
	for name, values := range f.names {
		if name, ok := strings.CutPrefix(name, http.TrailerPrefix); ok {
			setAll(t, http.CanonicalHeaderKey(name), values)
		}
	}
}

func setAll(h *message.Header, name string, values []string) {
	h.Del(name)
	for _, value := range values {
		h.Add(name, value)
	}
}
