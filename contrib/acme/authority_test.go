package acme_test

import (
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"sync/atomic"
	"testing"

	"github.com/letsencrypt/pebble/v2/ca"
	"github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"
	"github.com/microroute/microroute/contrib/acme"
	"github.com/miekg/dns"
)

func TestMain(m *testing.M) {
	os.Setenv("PEBBLE_VA_NOSLEEP", "1")      // before it looks whether a name is the program's
	os.Setenv("PEBBLE_AUTHZREUSE", "0")      // it looks each time
	os.Setenv("PEBBLE_WFE_NONCEREJECT", "5") // percent, as real ones sometimes do
	os.Exit(m.Run())
}

// authority is Pebble, the ACME server that Let's Encrypt made for tests. All names lead to this machine.
type authority struct {
	url   string
	trust *x509.CertPool // of its server
	roots *x509.CertPool // of its certificates
	db    *db.MemoryStore
	away  atomic.Bool
	mute  atomic.Bool   // it takes requests, and does not answer
	asked atomic.Int64  // requests
	left  chan struct{} // by a client that has not got an answer
}

// newAuthority starts an authority that looks at two ports of names, for plain HTTP and for TLS, and whose certificates are valid
// for some seconds.
func newAuthority(t *testing.T, httpPort, tlsPort int, validity uint64) *authority {
	t.Helper()
	quiet := log.New(io.Discard, "", 0)
	a := &authority{db: db.NewMemoryStore(), roots: x509.NewCertPool(), left: make(chan struct{}, 100)}
	signer := ca.New(quiet, a.db, "", "ecdsa", 0, 1, map[string]ca.Profile{"default": {ValidityPeriod: validity}})
	a.roots.AddCert(signer.GetRootCert(0).Cert)
	validator := va.New(quiet, httpPort, tlsPort, true, serveNames(t), a.db)
	front := wfe.New(quiet, a.db, validator, signer, []string{"pebble.test"}, true, false, 0, 0)
	handler := front.Handler()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.asked.Add(1)
		switch {
		case a.mute.Load():
			<-r.Context().Done()
			a.left <- struct{}{}
		case a.away.Load():
			w.WriteHeader(http.StatusServiceUnavailable)
		default:
			handler.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(server.Close)
	server.Config.ErrorLog = quiet
	a.url = server.URL + wfe.DirectoryPath
	a.trust = x509.NewCertPool()
	a.trust.AddCert(server.Certificate())
	return a
}

// config returns a Config for hosts whose certificates a makes.
func (a *authority) config(dir string, hosts ...string) acme.Config {
	c := acme.Config{Hosts: hosts, Email: "cook@tea.test", Dir: dir, CA: a.url}
	c.Issuer.TrustedRoots = a.trust
	// Pebble does not find the order that a renewal replaces if the octets of the serial number begin with a zero.
	return c.WithoutARI()
}

// serveNames starts a DNS server for which every name is this machine's, and returns its address.
func serveNames(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &dns.Server{Listener: l, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, question *dns.Msg) {
		reply := new(dns.Msg).SetReply(question)
		if q := question.Question[0]; q.Qtype == dns.TypeA {
			header := dns.RR_Header{Name: q.Name, Rrtype: dns.TypeA, Class: dns.ClassINET}
			reply.Answer = []dns.RR{&dns.A{Hdr: header, A: net.IPv4(127, 0, 0, 1)}}
		}
		w.WriteMsg(reply)
	})}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		server.ActivateAndServe()
	}()
	t.Cleanup(func() {
		l.Close()
		<-ended
	})
	return l.Addr().String()
}
