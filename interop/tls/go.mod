module github.com/microroute/microroute/interop/tls

go 1.26.0

replace github.com/microroute/microroute => ../..

require github.com/microroute/microroute v0.0.0-00010101000000-000000000000
