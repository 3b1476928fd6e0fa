package acme

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/caddyserver/certmagic"
	"github.com/microroute/microroute"
	"github.com/microroute/microroute/https"
)

// Listener accepts TLS connections for an App, and takes care of its certificates from Attach to Close: as long as it is
// served. An authority that is away or refuses does it no harm: it goes on with the certificates that it has, and asks
// again, after a minute at first and every six hours at last, for thirty days.
type Listener struct {
	*https.Listener
	hosts  []string
	logger atomic.Pointer[slog.Logger]
	own    *slog.Logger // by Config; nil for the App's

	cache  *certmagic.Cache
	magic  *certmagic.Config
	issuer *certmagic.ACMEIssuer

	context context.Context // ends when the Listener is closed
	cancel  context.CancelFunc
	asking  sync.WaitGroup
	closing sync.Once
}

// Listen listens on a TCP address, as https.Listen does. Certificates that have been kept are there at once; others are
// asked for when an App is served.
func Listen(addr string, config Config) (*Listener, error) {
	if _, _, err := net.SplitHostPort(addr); err != nil {
		addr = net.JoinHostPort(addr, "443")
	}
	inner, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	l, err := NewListener(inner, config)
	if err != nil {
		inner.Close()
		return nil, err
	}
	return l, nil
}

// NewListener returns a Listener for the connections of another one, as https.NewListener does. That one stays open if there
// is an error.
func NewListener(inner net.Listener, config Config) (*Listener, error) {
	storage, err := config.storage()
	if err != nil {
		return nil, err
	}
	l := &Listener{hosts: slices.Clone(config.Hosts), own: config.HTTPS.Logger}
	l.logger.Store(cmp.Or(l.own, slog.Default()))
	l.context, l.cancel = context.WithCancel(context.Background())
	l.setUp(config, storage, inner.Addr())
	if l.Listener, err = https.NewListener(inner, config.https(l.magic)); err == nil {
		err = l.load(storage)
	}
	if err != nil {
		l.end()
		return nil, err
	}
	return l, nil
}

// setUp sets up certmagic, which has its parts know each other.
func (l *Listener) setUp(config Config, storage certmagic.Storage, address net.Addr) {
	log := newLog(&l.logger)
	l.cache = certmagic.NewCache(certmagic.CacheOptions{
		GetConfigForCert:   func(certmagic.Certificate) (*certmagic.Config, error) { return l.magic, nil },
		RenewCheckInterval: config.renewCheck,
		Logger:             log,
	})
	l.magic = certmagic.New(l.cache, certmagic.Config{
		Storage:        storage,
		Logger:         log,
		OnEvent:        l.tell,
		ShouldEmitFunc: func(event string) bool { return event == obtained },
		DisableARI:     config.noARI,
	})
	host, port := "", 0
	if tcp, ok := address.(*net.TCPAddr); ok {
		host, port = tcp.IP.String(), tcp.Port
	}
	template := config.issuer(host, port)
	template.Logger = cmp.Or(template.Logger, log)
	l.issuer = certmagic.NewACMEIssuer(l.magic, template)
	l.magic.Issuers = []certmagic.Issuer{l.issuer}
}

// load takes the certificates that have been kept. It asks nobody: not whether they have been revoked either.
func (l *Listener) load(storage certmagic.Storage) error {
	alone := certmagic.New(l.cache, certmagic.Config{
		Storage: storage,
		Logger:  l.magic.Logger,
		Issuers: l.magic.Issuers,
		OCSP:    certmagic.OCSPConfig{DisableStapling: true},
	})
	for _, host := range l.hosts {
		if _, err := alone.CacheManagedCertificate(l.context, host); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// obtained is certmagic's event of a new certificate.
const obtained = "cert_obtained"

// tell logs an event.
func (l *Listener) tell(_ context.Context, event string, about map[string]any) error {
	if event == obtained {
		l.logger.Load().Info("certificate obtained", "host", about["identifier"], "renewed", about["renewal"], "of", about["issuer"])
	}
	return nil
}

// Attach says whose connections l accepts; StartOn and RunOn do it. It begins to ask for certificates that are not there, or
// expire soon.
func (l *Listener) Attach(app *microroute.App) {
	l.logger.Store(cmp.Or(l.own, app.Config().Logger))
	l.Listener.Attach(app)
	l.asking.Go(func() {
		l.magic.ManageAsync(l.context, l.hosts)
		l.cache.RenewManagedCertificates(l.context)
	})
}

// Close closes the listener. No more certificates are asked for.
func (l *Listener) Close() error {
	l.end()
	return l.Listener.Close()
}

func (l *Listener) end() {
	l.closing.Do(func() {
		l.cancel()
		l.asking.Wait()
		go l.cache.Stop() // which waits until the authority has answered, if it is being asked
	})
}
