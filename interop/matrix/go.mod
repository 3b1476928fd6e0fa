module github.com/microroute/microroute/interop/matrix

go 1.26.0

replace github.com/microroute/microroute => ../..

replace github.com/microroute/microroute/contrib/http3 => ../../contrib/http3

require (
	github.com/microroute/microroute v0.0.0-00010101000000-000000000000
	github.com/microroute/microroute/contrib/http3 v0.0.0-00010101000000-000000000000
	github.com/quic-go/quic-go v0.65.0
)

require (
	github.com/quic-go/qpack v0.6.0 // indirect
	golang.org/x/crypto v0.54.0 // indirect
	golang.org/x/net v0.56.0 // indirect
	golang.org/x/sys v0.47.0 // indirect
	golang.org/x/text v0.40.0 // indirect
)
