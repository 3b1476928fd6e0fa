package https

import (
	"crypto/tls"
	"strings"
)

// shelf has certificates in the order of the names they are for. It does not change.
type shelf struct {
	byName map[string][]*tls.Certificate // "tea.example" and "*.tea.example", in small letters
	others []*tls.Certificate            // for all other names, and for none: one, if there is any
}

func newShelf(all []*certificate) *shelf {
	s := &shelf{byName: map[string][]*tls.Certificate{}}
	for _, one := range all {
		if len(s.others) == 0 {
			s.others = append(s.others, one.Certificate)
		}
		for _, name := range one.Leaf.DNSNames {
			name = strings.ToLower(name)
			s.byName[name] = append(s.byName[name], one.Certificate)
		}
	}
	return s
}

// choose returns the certificate for a client, nil if there is none at all.
func (s *shelf) choose(hello *tls.ClientHelloInfo) *tls.Certificate {
	found := s.find(hello.ServerName)
	for _, one := range found {
		if len(found) == 1 || hello.SupportsCertificate(one) == nil {
			return one
		}
	}
	if len(found) == 0 {
		return nil
	}
	return found[0]
}

// find returns the certificates for a name: with that very name, else with a "*" in place of its first label (RFC 9525
// section 6.3), else the first of all.
func (s *shelf) find(name string) []*tls.Certificate {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	if found := s.byName[name]; len(found) > 0 {
		return found
	}
	if _, rest, ok := strings.Cut(name, "."); ok {
		if found := s.byName["*."+rest]; len(found) > 0 {
			return found
		}
	}
	return s.others
}
