#!/bin/sh
# certs.sh FOLDER - a certificate authority and certificates for the tests: good, expired, wronghost, selfsigned
set -e
mkdir -p "$1"
cd "$1"
key='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'

# Years, for a test may run at another date (CIRCULAR_TEST_AHEAD).
openssl req -x509 $key -days 36500 -subj '/CN=test authority' -keyout ca.key -out ca.pem
make_signed() { # NAME ALTNAME DAYS
    printf 'subjectAltName=%s\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n' "$2" >ext
    openssl req $key -subj "/CN=$1" -keyout "$1.key" -out request
    openssl x509 -req -in request -CA ca.pem -CAkey ca.key -set_serial "$4" -days "$3" \
        -extfile ext -out "$1.pem"
    rm -f request ext
}
make_signed good DNS:localhost,IP:127.0.0.1 36500 2
make_signed expired DNS:localhost,IP:127.0.0.1 -1 3
make_signed wronghost DNS:other.example 36500 4
openssl req -x509 $key -days 36500 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
    -keyout selfsigned.key -out selfsigned.pem
