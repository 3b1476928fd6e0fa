package https_test

import (
	"crypto/tls"
	"path/filepath"
	"strings"
	"testing"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/https"
)

// whoami says who the client is by its certificate.
func whoami(app *microroute.App) {
	app.Get("/", func(c *Context) string {
		if certificate := https.ClientCertificate(c); certificate != nil {
			return certificate.Subject.CommonName
		}
		return "nobody"
	})
}

func TestClientCertificates(t *testing.T) {
	stranger := newAuthority("stranger")
	file := writeFile(t, filepath.Join(t.TempDir(), "ca.pem"), append([]byte("the authority\n"), test.pem()...))
	server := test.issue(t, nil, "tea.test")
	none, required, optional, both := given(server), given(server), given(server), given(server)
	required.ClientCAs = test.pool()
	optional.ClientCAFiles, optional.ClientOptional = []string{file}, true
	both.ClientCAs, both.ClientCAFiles = stranger.pool(), []string{file}
	unverified := given(server)
	unverified.TLS.ClientAuth = tls.RequestClientCert
	known, unknown := test.issue(t, nil, "ann"), stranger.issue(t, nil, "eve")
	onEach(t, func(t *testing.T, http2 bool) {
		for _, tt := range []struct {
			name   string
			config https.Config
			client *tls.Certificate
			want   string // "" for a connection that fails
		}{
			{"not asked", none, &known, "nobody"},
			{"required", required, &known, "ann"},
			{"required, not there", required, nil, ""},
			{"required, of a stranger", required, &unknown, ""},
			{"optional", optional, &known, "ann"},
			{"optional, not there", optional, nil, "nobody"},
			{"optional, of a stranger", optional, &unknown, ""},
			{"of the pool", both, &unknown, "eve"},
			{"of the file beside the pool", both, &known, "ann"},
			{"not verified", unverified, &known, "nobody"},
		} {
			s := serve(t, tt.config, microroute.Limits{}, whoami)
			config := trusting("")
			if tt.client != nil { // show it whether it is wanted or not
				config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return tt.client, nil }
			}
			client := newClient(t, s.addr, config, http2)
			response, err := client.Get("https://tea.test/")
			if err == nil {
				response.Body.Close()
			}
			if tt.want == "" {
				if err == nil {
					t.Errorf("%s: got %s, want no connection", tt.name, response.Status)
				}
				continue
			}
			if got := fetch(t, client, "https://tea.test/", ""); !strings.HasSuffix(got, " 200 "+tt.want) {
				t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
			}
		}
	})
	if stranger.pool().Equal(both.ClientCAs) != true {
		t.Error("the pool of the Config has changed")
	}
}
