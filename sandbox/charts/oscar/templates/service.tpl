apiVersion: v1
kind: Service
metadata:
  name: oscar
spec:
  type: {{ .Values.service.type }}
  ports:
    - name: endpoint
      port: {{ .Values.service.port }}
      protocol: TCP
      targetPort: {{ .Values.service.port }}
  selector:
    app: oscar
