// Package message holds HTTP messages as RFC 9110 describes them: header fields, targets, parameters, status codes,
// dates, validators, ranges, media types and their negotiation. How a message looks on the wire is left to
// internal/http1 (RFC 9112), who answers it to package microroute.
//
// Everything here is octets in, octets out: no network, no reflection.
//
//	var h message.Header
//	h.Add("Vary", "Accept")
//	h.Get("vary") // "Accept"
package message

import (
	"iter"

	"github.com/microroute/microroute/internal/ascii"
)

// Header is a list of fields (RFC 9110 section 5): names are compared without regard to case, order and repeats are kept.
// The zero Header is empty and ready for use. It must not be copied once it is in use (see Clone), and not be shared
// between goroutines while one of them changes it.
//
// A Header that was read from the wire cuts its strings from one copy of the message's head, made when the first of
// them is asked for. They are ordinary strings: they may be kept for ever.
type Header struct {
	fields []field
	cut    []cutField // instead of fields, until the first change: where they are in head
	head   *head
}

type field struct{ name, value string }

type cutField struct{ name, value span }

// Get returns the value of the first field called name, or "".
func (h *Header) Get(name string) string {
	i := h.index(name)
	if i < 0 {
		return ""
	}
	_, value := h.At(i)
	return value
}

// Has reports whether there is a field called name, be its value empty.
func (h *Header) Has(name string) bool { return h.index(name) >= 0 }

// index returns the number of the first field called name, or -1.
func (h *Header) index(name string) int {
	for i := range h.cut {
		if ascii.EqualFold(h.head.raw[h.cut[i].name.start:h.cut[i].name.end], name) {
			return i
		}
	}
	for i := range h.fields {
		if ascii.EqualFold(h.fields[i].name, name) {
			return len(h.cut) + i
		}
	}
	return -1
}

// Values returns the values of all fields called name in their order, nil if there is none. The slice is the caller's.
func (h *Header) Values(name string) []string {
	var values []string
	for i := range h.Len() {
		if n, v := h.At(i); ascii.EqualFold(n, name) {
			values = append(values, v)
		}
	}
	return values
}

// All yields the name and value of every field in order. The Header must not be changed meanwhile.
func (h *Header) All() iter.Seq2[string, string] {
	return func(yield func(name, value string) bool) {
		for _, f := range h.cut {
			if !yield(h.head.string(f.name), h.head.string(f.value)) {
				return
			}
		}
		for i := range h.fields {
			if !yield(h.fields[i].name, h.fields[i].value) {
				return
			}
		}
	}
}

// At returns the name and the value of field i, from 0 to Len()-1.
func (h *Header) At(i int) (name, value string) {
	if i < len(h.cut) {
		return h.head.string(h.cut[i].name), h.head.string(h.cut[i].value)
	}
	f := &h.fields[i-len(h.cut)]
	return f.name, f.value
}

// Len returns the number of fields.
func (h *Header) Len() int { return len(h.cut) + len(h.fields) }

// Set makes value the only one of the field called name; the field keeps the place of its first occurrence.
func (h *Header) Set(name, value string) {
	h.own()
	i := h.index(name)
	if i < 0 {
		h.fields = append(h.fields, field{name, value})
		return
	}
	h.fields[i] = field{name, value}
	h.remove(name, i+1)
}

// Add appends a field, whether or not there are others of its name.
func (h *Header) Add(name, value string) {
	h.own()
	h.fields = append(h.fields, field{name, value})
}

// Del removes every field called name.
func (h *Header) Del(name string) {
	h.own()
	h.remove(name, 0)
}

// Clear removes every field.
func (h *Header) Clear() {
	clear(h.fields) // let go of the strings
	h.fields, h.cut, h.head = h.fields[:0], h.cut[:0], nil
}

// Clone returns a copy that shares nothing that changes with h.
func (h *Header) Clone() Header {
	clone := Header{fields: make([]field, 0, h.Len())}
	for i := range h.Len() {
		name, value := h.At(i)
		clone.fields = append(clone.fields, field{name, value})
	}
	return clone
}

// own turns fields that are cut from a head into fields of the Header's own.
func (h *Header) own() {
	for i := range h.cut {
		name, value := h.At(i)
		h.fields = append(h.fields, field{name, value})
	}
	h.cut, h.head = h.cut[:0], nil
}

// remove deletes the fields called name from index from on.
func (h *Header) remove(name string, from int) {
	kept := h.fields[:from]
	for _, f := range h.fields[from:] {
		if !ascii.EqualFold(f.name, name) {
			kept = append(kept, f)
		}
	}
	clear(h.fields[len(kept):])
	h.fields = kept
}
